import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly { role: string; content: string }[];
  readonly temperature: number;
  readonly max_tokens: number;
  readonly seed: number;
  readonly logprobs?: boolean;
  readonly top_logprobs?: number;
}

export const completion = (content: string, usage = { prompt_tokens: 100, completion_tokens: 10 }, finish = 'stop') =>
  JSON.stringify({ choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: finish }], usage });

/** A chat-completions server on this machine, for tests: `answer` says what each request gets. */
export async function chatServer(
  answer: (request: ChatRequest, response: ServerResponse, call: number) => string | null | Promise<string | null>,
) {
  const seen = {
    requests: [] as ChatRequest[],
    headers: [] as IncomingMessage['headers'][],
    paths: [] as string[],
    atOnce: 0,
    most: 0,
  };
  const server = createServer((request, response) => {
    // A page asks from elsewhere, and first whether it may.
    response.setHeader('access-control-allow-origin', '*');
    if (request.method === 'OPTIONS') {
      response.writeHead(204, { 'access-control-allow-headers': 'authorization, content-type' }).end();
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      seen.atOnce++;
      seen.most = Math.max(seen.most, seen.atOnce);
      const body = JSON.parse(Buffer.concat(chunks).toString()) as ChatRequest;
      seen.requests.push(body);
      seen.headers.push(request.headers);
      seen.paths.push(request.url ?? '');
      const text = await answer(body, response, seen.requests.length);
      seen.atOnce--;
      if (text !== null) response.end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    seen,
    url: `http://127.0.0.1:${port}/v1`,
    close: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
