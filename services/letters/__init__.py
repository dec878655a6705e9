"""Letters, dispositions, tasks, numbering, tracking and the audit trail."""
