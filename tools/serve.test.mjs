import { mkdtempSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { fileFor, serve } from './serve.mjs';

const root = mkdtempSync(join(tmpdir(), 'serve-'));
writeFileSync(join(root, 'index.html'), '<!doctype html>hello');
writeFileSync(join(root, 'a.wgsl'), 'fn f() {}');
writeFileSync(join(root, 'a.wasm'), 'x');
const server = await serve(root, { port: 47123, host: '127.0.0.1' });
afterAll(() => server.close());

it('serves files with their types, and nothing outside the folder', async () => {
  const page = await fetch(server.address);
  expect(await page.text()).toContain('hello');
  expect(page.headers.get('content-type')).toContain('text/html');
  expect((await fetch(`${server.address}a.wgsl`)).headers.get('content-type')).toContain('text/wgsl');
  expect((await fetch(`${server.address}a.wasm`)).headers.get('content-type')).toBe('application/wasm');
  expect((await fetch(`${server.address}missing.js`)).status).toBe(404);
  expect((await fetch(server.address, { method: 'POST' })).status).toBe(405);
  for (const url of ['/../etc/passwd', '/..%2f..%2fetc/passwd', '/%00', '/%E0%A4%A', '//']) {
    const file = fileFor(root, url);
    expect(file === null || file.startsWith(root), url).toBe(true);
  }
});

it('answers 304 to a tag it gave', async () => {
  const { headers } = await fetch(`${server.address}a.wgsl`);
  const again = await fetch(`${server.address}a.wgsl`, { headers: { 'If-None-Match': headers.get('etag') } });
  expect(again.status).toBe(304);
});

it('takes the next port when one is taken', async () => {
  const second = await serve(root, { port: server.port, host: '127.0.0.1' });
  expect(second.port).toBeGreaterThan(server.port);
  second.close();
});

it('says what page and workers may talk to', async () => {
  writeFileSync(join(root, 'worker.js'), '1');
  const page = (await fetch(server.address)).headers;
  expect(page.get('content-security-policy')).toContain("connect-src 'self' blob:;");
  expect(page.get('content-security-policy')).toContain("frame-ancestors 'none'");
  const worker = (await fetch(`${server.address}worker.js`)).headers;
  expect(worker.get('content-security-policy')).toMatch(
    /script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' blob: https:/,
  );
  for (const headers of [page, worker]) {
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp');
  }
});

const statusFor = (host) =>
  new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port: server.port, headers: { host } }, ({ statusCode }) => resolve(statusCode))
      .on('error', reject)
      .end();
  });

it('answers for this machine alone', async () => {
  for (const name of ['localhost', '127.0.0.1', '[::1]']) expect(await statusFor(`${name}:${server.port}`)).toBe(200);
  for (const host of [
    'attacker.example',
    `attacker.example:${server.port}`,
    `localhost:${server.port + 1}`,
    'localhost',
  ]) {
    expect(await statusFor(host), host).toBe(421);
  }
  for (const host of ['0.0.0.0', '192.168.1.2', 'example.org']) {
    await expect(serve(root, { port: 47200, host })).rejects.toThrow('other machines');
  }
});
