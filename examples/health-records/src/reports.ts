/** The resource types that policies speak of (FedAuthz §3.1, `type`). */
export const REPORT_TYPES = ["lab-report", "imaging-report"] as const;
export type ReportType = (typeof REPORT_TYPES)[number];

/** A report about a patient. The title may be seen by everybody, the rest only with the owner's leave. */
export interface Report {
  readonly id: string;
  readonly type: ReportType;
  readonly title: string;
  readonly text: string;
}

/** What one may do with a report: the scopes it is registered with. */
export const SCOPES = ["view", "edit"] as const;
export type Scope = (typeof SCOPES)[number];

/** What the clinic has on file before anybody edits anything. */
export const FIRST_REPORTS: readonly Report[] = [
  {
    id: "blood-count",
    type: "lab-report",
    title: "Full blood count",
    text: "Haemoglobin 13.9 g/dL, white cells 6.1 per nL, platelets 244 per nL. Nothing unusual.",
  },
  {
    id: "lipid-panel",
    type: "lab-report",
    title: "Lipid panel",
    text: "Total cholesterol 4.8 mmol/L, LDL 2.9 mmol/L, HDL 1.4 mmol/L. Repeat in a year.",
  },
  {
    id: "knee-mri",
    type: "imaging-report",
    title: "MRI of the left knee",
    text: "Menisci and ligaments intact. A small effusion, no fracture.",
  },
  {
    id: "hand-x-ray",
    type: "imaging-report",
    title: "X-ray of the left hand",
    text: "Normal joint spaces. An old, healed fracture of the fifth metacarpal.",
  },
];
