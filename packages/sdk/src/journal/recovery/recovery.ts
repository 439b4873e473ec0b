/** How a process ended, as whoever started it was told. */
export interface ProcessExit {
  /** 0 to 255. */
  readonly code?: number;
  /** `SIGKILL`, … */
  readonly signal?: string;
  /** Why an orchestrator says that it ended: Kubernetes' `reason` of a terminated container, e.g. `OOMKilled`. */
  readonly reason?: string;
}

/** What a recovery takes besides directory and exporter. */
export interface RecoveryOptions {
  /** What is known of the end of the processes whose journals are found. */
  readonly exit?: ProcessExit;
  /** Only journals of this process id. */
  readonly pid?: number;
  /** Also journals of other hosts, whose processes the caller knows to be dead. */
  readonly anyHost?: boolean;
  /** Called after each batch, and at the end. */
  readonly onProgress?: (progress: RecoveryProgress) => void;
  /**
   * Told of the incident of each recovered run, where its process had recorded incidents. Default: it
   * goes to where the incidents of this process go, if it records any.
   */
  readonly onIncident?: (incident: object) => void;
  /** Stops the recovery before the next batch: what is left is left for the next one. */
  readonly signal?: AbortSignal;
  /** Spans in one export: 1 to 10,000. Default: 512. */
  readonly batchSize?: number;
  /**
   * How often a batch is tried before the recovery stops, from 1 on. Default: without end, in growing
   * intervals from 1 s to 60 s.
   */
  readonly maxAttempts?: number;
}

/** Counts so far; they only grow. */
export interface RecoveryProgress {
  /** Journals that were taken over. */
  readonly journals: number;
  /**
   * Spans to be exported, as far as they were counted by now. Beside them are those that prove to be
   * damaged, or not sampled, when they are read whole.
   */
  readonly spans: number;
  /** Those that were exported and acknowledged. */
  readonly exported: number;
}

/** What became of a recovery. */
export interface RecoveryResult extends RecoveryProgress {
  /** Runs among the exported that had been open, and are lost. */
  readonly lost: number;
  /**
   * Spans that were refused for good (400, 413, 422) though the endpoint took others; they are given
   * up.
   */
  readonly refused: number;
  /** Lines that were torn or damaged, and skipped. */
  readonly damaged: number;
  /** Journals that were left alone, by why. */
  readonly left: Readonly<Record<LeftReason, number>>;
  /** True if everything that was to be taken over was exported, or given up as refused. */
  readonly isComplete: boolean;
}

/** Why a journal was left alone. */
export type LeftReason =
  | "alive"
  | "other_host"
  | "other_owner"
  | "newer_version"
  | "not_a_journal"
  | "other_pid"
  | "failed";
