export * from './app-monitor';
export * from './authorization';
export * from './telemetry';
export * from './web-client';
