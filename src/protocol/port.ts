type Typed = { type: string };
export type Handlers<M extends Typed> = { [K in M['type']]: (message: Extract<M, { type: K }>) => void };

export interface Endpoint {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

export interface Port<Out extends Typed, In extends Typed> {
  send(message: Out, transfer?: Transferable[]): void;
  receive(handlers: Handlers<In>): void;
}

/** The only place that touches postMessage. */
export function openPort<Out extends Typed, In extends Typed>(endpoint: Endpoint): Port<Out, In> {
  return {
    send: (message, transfer = []) => endpoint.postMessage(message, transfer),
    receive(handlers) {
      endpoint.addEventListener('message', ({ data }: MessageEvent<In>) => {
        const handle = handlers[data.type as In['type']] as (message: In) => void;
        handle(data);
      });
    },
  };
}
