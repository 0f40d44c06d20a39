/** Of the stacks whose resources are managed. */
export const STACK_NAME = 'App';

/** The account and region of those stacks. */
export const HERE = { account: '111111111111', region: 'eu-central-1' } as const;

/** Where delegated lifecycles manage what is in them. */
export const ELSEWHERE = { account: '222222222222', region: 'eu-central-1' } as const;
