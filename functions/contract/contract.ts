import type * as z from 'zod';

/**
 * The contract of a route: the requests that the route accepts, and the response to a request that succeeds. The
 * schemas validate requests, and also describe requests and responses in the OpenAPI document.
 */
export interface Contract {
  readonly summary: string;
  /** Parameters in the path. @default - none */
  readonly params?: z.ZodObject;
  /** Parameters in the query. @default - none: the service refuses every query parameter */
  readonly query?: z.ZodObject;
  /** The JSON body. @default - none: the service ignores a body */
  readonly body?: z.ZodType;
  /**
   * Whether the header `If-Match` must name the version of the item that the request edits, or may name it.
   * @default false - the service ignores the header
   */
  readonly ifMatch?: boolean | 'optional';
  /**
   * Whether the header `Idempotency-Key` lets the caller repeat a request whose answer was lost. @default false
   */
  readonly idempotencyKey?: boolean;
  /** The response to a request that succeeds. */
  readonly answer: {
    readonly status: 200 | 201 | 202 | 204;
    readonly description: string;
    /** @default - no body */
    readonly body?: z.ZodType;
    /**
     * The description of the response, with the status 200 and the same body, to a request that only tries what it asks
     * for. @default - the route cannot try a request
     */
    readonly dryRun?: string;
    /** Whether the route returns CSV to a request with `Accept: text/csv`. @default false */
    readonly csv?: boolean;
    /** Whether a large CSV has the header `Link`, which names the URL of the next CSV. @default false */
    readonly link?: boolean;
    /** Whether the response has an ETag, which a later request can send as `If-Match`. @default false */
    readonly etag?: boolean;
  };
}

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;
export type ParamsOf<C extends Contract> = Parsed<C['params']>;
export type QueryOf<C extends Contract> = Parsed<C['query']>;
export type BodyOf<C extends Contract> = Parsed<C['body']>;
export type AnswerOf<C extends Contract> = C['answer']['body'] extends z.ZodType
  ? z.input<C['answer']['body']>
  : undefined;
