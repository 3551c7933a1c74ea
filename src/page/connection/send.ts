import type { Port } from '../../protocol/port';
import type { Command, Notice } from '../../protocol/protocol';

let port: Port<Command, Notice> | undefined;

/** Called once the worker is there (connection.ts). */
export function sendThrough(opened: Port<Command, Notice>): void {
  port = opened;
}

export function send(command: Command): void {
  port?.send(command);
}
