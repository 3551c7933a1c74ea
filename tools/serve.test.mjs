import { mkdtempSync, writeFileSync } from 'node:fs';
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
