/**
 * SHA-256 of what may be larger than memory: crypto.subtle takes whole arrays only, so chunks are hashed, then the list
 * of their hashes.
 */
export class ContentHash {
  private readonly lines: string[] = [];

  /** A chunk and where it belongs. Cut the same content the same way every time. */
  async add(place: string, chunk: Uint8Array): Promise<void> {
    this.lines.push(`${place} ${await sha256Hex(chunk)}`);
  }

  digest(): Promise<string> {
    return sha256Hex(new TextEncoder().encode(this.lines.join('\n')));
  }
}

export async function sha256Hex(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes as BufferSource);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
