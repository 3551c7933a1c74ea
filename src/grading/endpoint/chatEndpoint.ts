import { z } from 'zod';
import type { Message } from '../../domain/example';
import type { Sampling } from '../../domain/recipe/sampling';
import type { TeacherConfig } from '../../domain/recipe/teacher';
import type { WorkContext } from '../../domain/workContext';
import { NO_USAGE, type TeacherUsage } from '../teacher';
import { LONGEST_WAIT, retryAfter, sleep, waitBefore } from './backOff';
import { MOST_BYTES, readLimited } from './readLimited';
import { Redaction } from './redaction';
import { logprobsSchema, type TokenLogprobs } from './verdictLogprobs';

export type EndpointConfig = Extract<TeacherConfig, { kind: 'endpoint' }>;

/** The endpoint does not want us: a wrong key, address or model. Sending again would not help. */
export class EndpointRefused extends Error {
  override name = 'EndpointRefused';
}

/** `logprobs` where the request wants them and the endpoint sends them. */
export type Reply =
  | { readonly text: string; readonly cutOff: boolean; readonly logprobs: TokenLogprobs | null }
  | { readonly failure: string };

interface ChatRequest {
  readonly messages: readonly Message[];
  readonly sampling: Sampling;
  readonly thinking?: boolean;
  readonly seed: number;
  /** Also request the logprobs of the reply's tokens, each with this many alternatives. */
  readonly logprobs?: number;
}

/** The fields of a reply that we read (OpenAI chat completions); it may have others. */
const replySchema = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({ content: z.string().nullish() }),
        finish_reason: z.string().nullish(),
        logprobs: logprobsSchema,
      }),
    )
    .min(1),
  usage: z.object({ prompt_tokens: z.number().int().min(0), completion_tokens: z.number().int().min(0) }).nullish(),
});

const ATTEMPTS = 5;
const CHARACTERS_PER_TOKEN = 4;

type Outcome = { readonly reply: Reply } | { readonly again: string; readonly atLeast: number };

/**
 * An OpenAI-compatible chat-completions endpoint. Key and address stay in this object: nothing of them is kept, logged
 * or thrown.
 */
export class ChatEndpoint {
  readonly #key: string | null;
  readonly #url: string;
  readonly #redaction: Redaction;
  private readonly config: Omit<EndpointConfig, 'url'>;
  private used = { ...NO_USAGE };
  private answeredOnce = false;
  /** Whether the endpoint accepts the logprobs fields: some refuse unknown ones. Null before its first answer. */
  private takesLogprobs: boolean | null = null;
  /** No request before this time: the Retry-After of one reply holds for all requests. */
  private notBefore = 0;

  constructor(
    config: EndpointConfig,
    key: string | null,
    private readonly options: { readonly timeout?: number; readonly base?: number } = {},
  ) {
    this.#key = key?.trim() || null;
    this.#url = completionsUrl(config.url);
    this.#redaction = new Redaction(config.url, this.#key);
    const { url: _, ...rest } = config;
    this.config = rest;
  }

  /**
   * Sends a conversation, again after temporary failures. Rejects on abort and with EndpointRefused; any other failure
   * is the reply.
   */
  async complete(
    messages: readonly Message[],
    { seed, ...how }: Omit<ChatRequest, 'messages'>,
    { signal }: WorkContext = {},
  ): Promise<Reply> {
    let failure = '';
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      await sleep(Math.max(0, this.notBefore - Date.now()), signal);
      const outcome = await this.send({ messages, seed, ...how }, signal);
      if ('reply' in outcome) return outcome.reply;
      failure = outcome.again;
      if (outcome.atLeast > LONGEST_WAIT) {
        return { failure: `${failure}: it asks to wait ${Math.round(outcome.atLeast / 1000)} s, which is too long` };
      }
      if (attempt + 1 === ATTEMPTS) break;
      this.used.retries++;
      const { base = 500 } = this.options;
      await sleep(waitBefore(attempt, { base, seed, atLeast: outcome.atLeast }), signal);
    }
    return { failure: `${failure}, ${ATTEMPTS} times` };
  }

  takeUsage(): TeacherUsage {
    const used = this.used;
    this.used = { ...NO_USAGE };
    return used;
  }

  private async send({ logprobs, ...request }: ChatRequest, signal?: AbortSignal): Promise<Outcome> {
    const wanted = this.takesLogprobs === false ? undefined : logprobs;
    const { timeout = 120_000 } = this.options;
    const timer = AbortSignal.timeout(timeout);
    this.used.requests++;
    try {
      const response = await fetch(this.#url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(this.#key && { authorization: `Bearer ${this.#key}` }) },
        body: JSON.stringify(this.body(request, wanted)),
        redirect: 'error', // the key goes to the address that was given, and nowhere else
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
        signal: signal ? AbortSignal.any([signal, timer]) : timer,
      });
      const text = await readLimited(response);
      if (wanted !== undefined && this.takesLogprobs === null) {
        if (response.ok) this.takesLogprobs = true;
        else if (response.status === 400 || response.status === 422) return this.withoutLogprobs(request, signal);
      }
      return response.ok ? this.read(text, request.messages) : this.refused(response, text ?? '');
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof EndpointRefused) throw error;
      const slow = timer.aborted;
      return {
        again: slow
          ? `the teacher did not answer within ${timeout / 1000} s`
          : `the teacher could not be reached (${this.#redaction.error((error as Error).message)})`,
        atLeast: 0,
      };
    }
  }

  /** Sends a refused request without logprobs, which shows whether they were the reason. */
  private async withoutLogprobs(request: ChatRequest, signal: AbortSignal | undefined): Promise<Outcome> {
    const outcome = await this.send(request, signal);
    if ('reply' in outcome && 'text' in outcome.reply) this.takesLogprobs = false;
    return outcome;
  }

  private body({ messages, sampling, thinking, seed }: ChatRequest, logprobs: number | undefined): object {
    return {
      model: this.config.model,
      messages,
      temperature: sampling.temperature,
      top_p: sampling.topP,
      max_tokens: sampling.maxNewTokens,
      seed: seed >>> 1, // some servers read it as a signed 32-bit number
      ...(logprobs !== undefined && { logprobs: true, top_logprobs: logprobs }),
      // Only where the recipe sets it: a field of vLLM and SGLang that others refuse.
      ...(thinking !== undefined && { chat_template_kwargs: { enable_thinking: thinking } }),
    };
  }

  private read(text: string | null, messages: readonly Message[]): Outcome {
    if (text === null) return { again: `the teacher’s reply is larger than ${MOST_BYTES / 1e6} MB`, atLeast: 0 };
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return { again: 'the teacher’s reply is not JSON', atLeast: 0 };
    }
    const parsed = replySchema.safeParse(value);
    if (!parsed.success) {
      const { path, message } = parsed.error.issues[0]!;
      return { again: `the teacher’s reply is no chat completion (${path.join('.')}: ${message})`, atLeast: 0 };
    }
    this.answeredOnce = true;
    const [{ message, finish_reason, logprobs }] = parsed.data.choices as [(typeof parsed.data.choices)[number]];
    const content = this.#redaction.reply(message.content ?? '');
    this.count(parsed.data.usage ?? null, messages, content);
    return { reply: { text: content, cutOff: finish_reason === 'length', logprobs } };
  }

  private count(
    usage: { prompt_tokens: number; completion_tokens: number } | null,
    messages: readonly Message[],
    content: string,
  ): void {
    const estimate = (texts: readonly string[]) =>
      Math.ceil(texts.reduce((sum, { length }) => sum + length, 0) / CHARACTERS_PER_TOKEN);
    const input = usage?.prompt_tokens ?? estimate(messages.map((message) => message.content));
    const output = usage?.completion_tokens ?? estimate([content]);
    const { inputPrice, outputPrice } = this.config;
    this.used.tokens += input + output;
    this.used.cost += (input * inputPrice + output * outputPrice) / 1e6;
  }

  private refused({ status, headers }: Response, text: string): Outcome {
    const why = `the teacher answered with status ${status}`;
    if (status === 408 || status === 429 || status >= 500) {
      const atLeast = retryAfter(headers.get('retry-after'), Date.now());
      if (atLeast <= LONGEST_WAIT) this.notBefore = Math.max(this.notBefore, Date.now() + atLeast);
      return { again: why, atLeast };
    }
    const detail = this.#redaction.error(text.slice(0, 2000).replace(/\s+/g, ' ').trim()).slice(0, 300);
    if (!this.answeredOnce) throw new EndpointRefused(`${why}${detail && `: ${detail}`}`);
    return { reply: { failure: `${why}${detail && `: ${detail}`}` } };
  }
}

/**
 * The address of the completions from that of the endpoint, with or without its end. Throws EndpointRefused for other
 * protocols than http(s).
 */
function completionsUrl(address: string): string {
  const url = new URL(address);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new EndpointRefused(`the teacher’s address begins with ${url.protocol}: use https: or http:`);
  }
  const path = url.pathname.replace(/\/+$/, '');
  url.pathname = path.endsWith('/chat/completions') ? path : `${path}/chat/completions`;
  return url.href;
}
