/** Longest reply that is read, in bytes. */
export const MOST_BYTES = 4_000_000;

/** The text of a reply, null when it is longer than 4 MB: then the connection is closed at that point. */
export async function readLimited(response: Response): Promise<string | null> {
  if (response.body === null) return '';
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (let bytes = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.length;
    if (bytes > MOST_BYTES) {
      await reader.cancel();
      return null;
    }
    text += decoder.decode(value, { stream: true });
  }
}
