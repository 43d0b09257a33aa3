/** The system of record refuses a change for what it is, and would refuse it again. Nothing of its batch was written. */
export class ChangeRefused extends Error {}
