/** What an app monitor collects. */
export enum Telemetry {
  /** Unhandled JavaScript errors. */
  ERRORS = 'errors',
  /** How pages and their resources load and render, Core Web Vitals included. */
  PERFORMANCE = 'performance',
  /** HTTP errors. */
  HTTP = 'http',
}

/** The kind of application that is monitored. */
export enum Platform {
  /** A web application. */
  WEB = 'Web',
  /** An Android application. */
  ANDROID = 'Android',
  /** An iOS application. */
  IOS = 'iOS',
}
