/**
 * What the built page may load and talk to: itself, and nothing else. Styles are inline because Mantine writes CSS
 * variables.
 */
export const PAGE_POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self' blob:; worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'";

/**
 * A worker takes its policy from the response that its script came in. A teacher's endpoint may be anywhere, on this
 * machine too, and ONNX Runtime compiles WebAssembly: workers may, the page may not.
 */
export const WORKER_POLICY = PAGE_POLICY.replace(
  "connect-src 'self' blob:",
  "script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' blob: https: http://localhost:* http://127.0.0.1:*",
);

const EVERYWHERE = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/**
 * The headers of a response, by the file's name. Scripts carry the workers' policy; where the page itself runs one, the
 * page's own policy holds.
 */
export const securityHeaders = (file) => ({
  ...EVERYWHERE,
  'Content-Security-Policy': /\.m?js$/.test(file) ? WORKER_POLICY : `${PAGE_POLICY}; frame-ancestors 'none'`,
});

/** Names of this machine that only this machine reaches. */
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];
export const isLoopback = (host) => LOOPBACK.includes(host === '::1' ? '[::1]' : host);

/** Whether a request's Host header names this machine: a page whose name points here (DNS rebinding) gets no reply. */
export const isOwnHost = (header, port) =>
  LOOPBACK.some((name) => header === `${name}:${port}` || (port === 80 && header === name));
