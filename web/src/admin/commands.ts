/*
 * What is typed on the server's machine: no sentences of ours, and the same in every language. README.md, "The server", puts the program, its
 * user and the file where these commands look; the guides print them as well.
 */
const belayd = (command: string): string => `runuser -u belay -- belayd ${command} --config /etc/belay/belay.toml`;

export const pairCommand = (site: string): string => `${belayd('pair')} --site ${site}`;
export const doctorCommand: string = belayd('doctor');

/** A site of the sandbox, on this very machine: there everything lies elsewhere, and ./run prints the commands. */
export const isTrial = (site: string): boolean => URL.canParse(site) && /(^|\.)localhost$/.test(new URL(site).hostname);
