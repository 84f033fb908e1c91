/** Who this process is in the database. A process that lost its lease goes on under a new id. */
export type Identity = {
  workerId: number;
  readonly name: string;
  /** `installation.uuid`. */
  installation: string;
  /** Takes no more runs. */
  isDraining: boolean;
};
