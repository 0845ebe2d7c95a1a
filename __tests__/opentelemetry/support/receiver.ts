import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

type Value = { stringValue?: string; intValue?: number | string; doubleValue?: number };

interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: Value }[];
  readonly events: readonly { readonly name: string }[];
  readonly links: readonly { readonly spanId: string }[];
  readonly status: { readonly code: number; readonly message?: string };
  /** The name of its resource. */
  readonly service: string | undefined;
}

export interface Span extends Omit<OtlpSpan, 'attributes' | 'links'> {
  readonly attributes: Record<string, string | number>;
  /** Names of spans. */
  readonly parent: string | undefined;
  readonly links: (string | undefined)[];
}

/** Where spans arrive as the OpenTelemetry Protocol has them: JSON over HTTP. */
export class Receiver {
  readonly #spans: OtlpSpan[] = [];
  readonly #server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      for (const { resource, scopeSpans } of JSON.parse(body).resourceSpans) {
        const service = nameOf(resource.attributes);
        for (const { spans } of scopeSpans)
          this.#spans.push(...spans.map((span: OtlpSpan) => ({ ...span, service })));
      }
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1/traces`;
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** What has arrived, in the order of beginning. */
  take(): Span[] {
    const spans = this.#spans.splice(0);
    const titleOf = (id: string): string | undefined =>
      spans.find(({ spanId }) => spanId === id)?.name;
    return spans
      .map((span) => ({
        ...span,
        attributes: Object.fromEntries(
          span.attributes.map(({ key, value }) => [key, Object.values(value)[0]!]),
        ),
        parent: span.parentSpanId ? (titleOf(span.parentSpanId) ?? 'lost') : undefined,
        links: (span.links ?? []).map(({ spanId }) => titleOf(spanId)),
      }))
      .sort((a, b) => Number(BigInt(a.startTimeUnixNano) - BigInt(b.startTimeUnixNano)));
  }
}

const nameOf = (attributes: OtlpSpan['attributes']): string | undefined =>
  attributes.find(({ key }) => key === 'service.name')?.value.stringValue;
