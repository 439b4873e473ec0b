/**
 * What a page draws, as it is embedded in it or fetched by it: an account whose texts are cut and
 * harmless, and whose times are numbers. Whatever is not known is left out.
 */
export interface Picture {
  /** Nanoseconds since the epoch, in digits: the 0 of all times below. */
  readonly origin: string;
  /** Each before those that are nested in it. */
  readonly actions: readonly PictureAction[];
  /** In the order in which they began. */
  readonly runs: readonly PictureRun[];
  /** How many spans below closed runs inherited a class from them. */
  readonly inherited: number;
  /** What found no room here. */
  readonly leftOut: { readonly actions: number; readonly runs: number };
}

/** Where and when something was. */
export interface PictureSpan {
  readonly id: string;
  readonly traceId?: string;
  readonly spanId?: string;
  readonly scope?: string;
  readonly scopeKey?: string;
  readonly service?: string;
  /** Milliseconds after the origin. */
  readonly start?: number;
  /** Milliseconds after the origin, never before `start`. */
  readonly end?: number;
}

export interface PictureAction extends PictureSpan {
  /** 0 at the outermost level. */
  readonly depth: number;
  readonly kind?: string;
  readonly trigger?: string;
  readonly operation?: string;
  readonly signal?: string;
  readonly result?: string;
  readonly errorType?: string;
  /** How the runs that it covered ended, in words. */
  readonly outcome: string;
  /** Runs name it, and its own span is not in the input. */
  readonly absent?: true;
}

export interface PictureRun extends PictureSpan {
  readonly name: string;
  /** `completed`, `interrupted`, `failed`, `lost`, or what a newer convention has. */
  readonly result: string;
  readonly class?: string;
  readonly confidence?: string;
  readonly via?: string;
  /** The index of the action that closed it. */
  readonly action?: number;
  readonly missing?: readonly string[];
  readonly errorType?: string;
  /** Milliseconds from being asked to stop until it stopped. */
  readonly interrupt?: number;
  readonly recovered?: true;
  /** What broke it off, where that was recorded. */
  readonly incident?: PictureIncident;
  /** How its process ended, where the run was lost with it. */
  readonly loss?: PictureLoss;
}

export interface PictureIncident {
  /** One plain English line. */
  readonly summary: string;
  readonly cause?: string;
  readonly subcause?: string;
  readonly phase?: string;
  readonly recommendation?: string;
}

export interface PictureLoss {
  readonly reason: string;
  /** In a few words; left out where nobody had said anything. */
  readonly words?: string;
  readonly source?: string;
  readonly signal?: string;
  readonly exitCode?: number;
  readonly terminationReason?: string;
}
