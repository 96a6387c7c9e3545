export const opinion = {};
