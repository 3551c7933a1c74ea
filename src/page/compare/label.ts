/** As the labels of the other fields. */
export const LABEL = { fw: 400, fz: 13 } as const;
