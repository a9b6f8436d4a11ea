/** The one part of jStat that is used. */
declare module "jstat" {
  const jstat: {
    readonly studentt: {
      /** The p-quantile with `degrees` degrees of freedom. */ inv(p: number, degrees: number): number;
    };
  };
  export default jstat;
}
