/** A file that cannot be used: what is wrong and where, and what the person can do about it. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
  constructor(
    message: string,
    readonly advice: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** For checkpoints whose numbers or offsets contradict themselves. */
export const damaged = (file: string, what: string): FormatError =>
  new FormatError(
    `${file} is damaged: ${what}`,
    'Download or export it again; a download that was cut short looks like this.',
  );
