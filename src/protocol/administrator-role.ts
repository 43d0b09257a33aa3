/** What an administrator may do for an owner: everything, or everything but choosing administrators. */
export const ADMINISTRATOR_ROLES = ["administrator", "assistant"] as const;
export type AdministratorRole = (typeof ADMINISTRATOR_ROLES)[number];
