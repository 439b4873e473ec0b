/** An HTTP exchange that a run answers, as far as its end tells who closed it. */
export interface Exchange {
  /** Who closed the response before it was finished; undefined while it is open, or if it was. */
  closedBy(): "client" | "server" | undefined;
}
