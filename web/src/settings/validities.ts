/** How long a session can be valid, as the pages offer it. Minutes. */
export const kValidities = [15, 60, 240, 480, 1440, 4320, 10080];
