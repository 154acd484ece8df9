import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { promisify } from "node:util";

import { isInstalled, start } from "./cluster.mjs";

const ask = async (url, sql) => (await promisify(execFile)("psql", ["-X", "-A", "-t", "-c", sql, url])).stdout.trim();

test("a private cluster starts, restarts on its port, and leaves nothing behind", { skip: isInstalled() ? false : "PostgreSQL is not installed" }, async () => {
  const cluster = await start();
  try {
    const url = await cluster.database("one");
    await ask(url, "create table kept (n int); insert into kept values (7)");
    await cluster.halt();
    await assert.rejects(ask(url, "select 1"));
    await cluster.resume();
    assert.equal(await ask(url, "select n from kept"), "7");
  } finally {
    await cluster.stop();
  }
  assert.equal(existsSync(cluster.socket), false);
});
