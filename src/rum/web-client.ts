/** Settings of the RUM web client. */
export interface WebClientOptions {
  /**
   * Version of the web client that the script tag loads: an exact version (`3.2.1`), or `3.2.x` or `3.x` for the newest
   * of that line. An exact version cannot change under a running site.
   *
   * @default '3.2.1'
   */
  readonly clientVersion?: string;

  /**
   * Version of your application, which RUM records with each event.
   *
   * @default '1.0.0'
   */
  readonly applicationVersion?: string;
}

/**
 * What a web page needs to send data to an app monitor, as strings. They may hold tokens, which are resolved at
 * deployment: use them in a template, in a `BucketDeployment`'s `Source.data`, or in an output.
 */
export interface WebClient {
  /** A `<script>` element for the `<head>` of each page, before other scripts. */
  readonly scriptTag: string;
  /** A JavaScript module for applications that bundle the npm package `aws-rum-web`. */
  readonly npmModule: string;
  /** The configuration object alone, as JSON. */
  readonly configuration: string;
}
