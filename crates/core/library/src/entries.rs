//! The table of the library: every process with its text and what it usually is like.

use crate::{Consequence, FUNCTIONS, Frequency, Weight};

/// One process of the library.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Its name in addresses.
    pub slug: &'static str,
    /// Its title.
    pub title: &'static str,
    /// The part of the company it belongs to: one of [`FUNCTIONS`].
    pub function: &'static str,
    /// What to ask to find out whether it happens here.
    pub question: &'static str,
    /// How often it usually happens and how bad it usually is when it goes wrong.
    pub usual: Weight,
    /// The SOP, as Markdown in the canonical form.
    pub source: &'static str,
}

/// The process with this name.
pub fn find(slug: &str) -> Option<&'static Entry> {
    all().iter().find(|entry| entry.slug == slug)
}

macro_rules! entry {
    ($function:literal, $folder:literal, $slug:literal, $title:literal, $question:literal, $often:ident, $bad:ident) => {
        Entry {
            slug: $slug,
            title: $title,
            function: FUNCTIONS[$function],
            question: $question,
            usual: Weight { frequency: Frequency::$often, consequence: Consequence::$bad },
            source: include_str!(concat!("../sops/", $folder, "/", $slug, ".md")),
        }
    };
}

/// All processes, by function in the order of [`FUNCTIONS`].
pub fn all() -> &'static [Entry] {
    const ALL: &[Entry] = &[
        entry!(
            0,
            "revenue-and-sales",
            "lead-intake",
            "Lead intake",
            "Do people ask you whether they can buy from you?",
            Daily,
            High
        ),
        entry!(
            0,
            "revenue-and-sales",
            "lead-qualification",
            "Lead qualification",
            "Does somebody decide which enquiries are worth pursuing?",
            Weekly,
            High
        ),
        entry!(
            0,
            "revenue-and-sales",
            "proposal-creation",
            "Proposal creation",
            "Do you write offers or proposals?",
            Weekly,
            High
        ),
        entry!(
            0,
            "revenue-and-sales",
            "contract-execution",
            "Contract execution",
            "Are contracts drafted, signed and filed?",
            Weekly,
            High
        ),
        entry!(
            0,
            "revenue-and-sales",
            "onboarding-new-clients",
            "Onboarding new clients",
            "Do new clients have to be brought on board?",
            Monthly,
            High
        ),
        entry!(
            0,
            "revenue-and-sales",
            "offboarding-churned-clients",
            "Offboarding churned clients",
            "Do clients leave, with data, access or open work to be settled?",
            Monthly,
            Medium
        ),
        entry!(
            0,
            "revenue-and-sales",
            "renewal-outreach",
            "Renewal outreach",
            "Do contracts run out that you want to be renewed?",
            Monthly,
            High
        ),
        entry!(
            1,
            "finance",
            "monthly-invoicing",
            "Monthly invoicing",
            "Do you send invoices for the work of a month?",
            Monthly,
            High
        ),
        entry!(
            1,
            "finance",
            "accounts-receivable-follow-up",
            "Accounts receivable follow-up",
            "Are invoices paid late?",
            Weekly,
            High
        ),
        entry!(1, "finance", "payroll", "Payroll", "Do you pay employees?", Monthly, High),
        entry!(
            1,
            "finance",
            "expense-approval",
            "Expense approval",
            "Do people spend their own money for the company?",
            Weekly,
            Low
        ),
        entry!(
            1,
            "finance",
            "cash-flow-reporting",
            "Cash flow reporting",
            "Does somebody look at how much cash there will be?",
            Weekly,
            High
        ),
        entry!(
            1,
            "finance",
            "annual-audit-preparation",
            "Annual audit preparation",
            "Are your annual statements audited?",
            Yearly,
            High
        ),
        entry!(
            2,
            "delivery-and-operations",
            "client-reporting",
            "Client reporting",
            "Do clients get regular reports?",
            Monthly,
            High
        ),
        entry!(
            2,
            "delivery-and-operations",
            "project-kick-off",
            "Project kick-off",
            "Is work done in projects that start with a client?",
            Monthly,
            High
        ),
        entry!(
            2,
            "delivery-and-operations",
            "scope-change-management",
            "Scope change management",
            "Do clients ask for more than was agreed?",
            Weekly,
            High
        ),
        entry!(
            2,
            "delivery-and-operations",
            "quality-review",
            "Quality review",
            "Is work looked at by a second person before it goes out?",
            Daily,
            High
        ),
        entry!(
            2,
            "delivery-and-operations",
            "project-closeout-documentation",
            "Project closeout documentation",
            "Do projects end, with files, invoices and lessons to be settled?",
            Monthly,
            Medium
        ),
        entry!(
            3,
            "marketing",
            "content-publishing",
            "Content publishing",
            "Do you publish articles, videos or newsletters?",
            Weekly,
            Medium
        ),
        entry!(
            3,
            "marketing",
            "social-post-scheduling",
            "Social post scheduling",
            "Do you post on social media?",
            Weekly,
            Low
        ),
        entry!(
            3,
            "marketing",
            "campaign-launch",
            "Campaign launch",
            "Do you run paid or planned campaigns?",
            Monthly,
            High
        ),
        entry!(
            3,
            "marketing",
            "campaign-performance-reporting",
            "Campaign performance reporting",
            "Does somebody look at what campaigns bring?",
            Weekly,
            Medium
        ),
        entry!(
            3,
            "marketing",
            "email-list-hygiene",
            "Email list hygiene",
            "Do you write to a list of addresses?",
            Monthly,
            Medium
        ),
        entry!(
            4,
            "people",
            "new-hire-onboarding",
            "New hire onboarding",
            "Do you hire people?",
            Monthly,
            High
        ),
        entry!(
            4,
            "people",
            "performance-review-cycle",
            "Performance review cycle",
            "Do people get a review of their work?",
            Quarterly,
            Medium
        ),
        entry!(
            4,
            "people",
            "offboarding",
            "Offboarding",
            "Do people leave, with accounts, work and papers to be settled?",
            Quarterly,
            High
        ),
        entry!(
            4,
            "people",
            "timesheet-approval",
            "Timesheet approval",
            "Do people record their time?",
            Weekly,
            High
        ),
        entry!(
            4,
            "people",
            "pto-request-processing",
            "PTO request processing",
            "Do people ask for time off?",
            Weekly,
            Low
        ),
        entry!(
            5,
            "systems-and-data",
            "weekly-data-backup-verification",
            "Weekly data backup verification",
            "Would it hurt to lose your data?",
            Weekly,
            High
        ),
        entry!(
            5,
            "systems-and-data",
            "software-license-audit",
            "Software license audit",
            "Do you pay for software by seat or subscription?",
            Quarterly,
            Medium
        ),
        entry!(
            5,
            "systems-and-data",
            "crm-hygiene",
            "CRM hygiene",
            "Do you keep clients and deals in a CRM?",
            Weekly,
            Medium
        ),
        entry!(
            5,
            "systems-and-data",
            "reporting-accuracy-review",
            "Reporting accuracy review",
            "Do people decide on numbers from reports?",
            Monthly,
            High
        ),
    ];
    ALL
}
