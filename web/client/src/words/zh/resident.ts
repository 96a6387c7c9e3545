export const resident = {};
