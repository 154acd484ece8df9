// mulberry32: small, and the same everywhere, so that a seed tells the whole order.
export function randomOf(seed) {
  let state = seed >>> 0;
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    random,
    /** One of `list`; undefined when it is empty. */
    pick: (list) => list[Math.floor(random() * list.length)],
    /** A whole number from `least` to `most`. */
    between: (least, most) => least + Math.floor(random() * (most - least + 1)),
    chance: (probability) => random() < probability,
    shuffled(list) {
      const all = [...list];
      for (let i = all.length - 1; i > 0; i -= 1) {
        const j = Math.floor(random() * (i + 1));
        [all[i], all[j]] = [all[j], all[i]];
      }
      return all;
    },
  };
}
