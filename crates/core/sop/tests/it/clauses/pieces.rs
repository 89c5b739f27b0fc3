//! Clauses about the five pieces of a process.

use super::Case;

pub(super) const CASES: &[Case] = &[
    (
        "SOP0101",
        &[("owner: Office manager\n", "")],
        &[&[
            ("owner: Office manager\n", ""),
            ("Customers who", "Owner: Office manager\n\nCustomers who"),
        ]],
    ),
    (
        "SOP0102",
        &[("owner: Office manager\n", "owner: \"#returns\"\n")],
        &[&[("owner: Office manager\n", "owner: Returns lead (#returns)\n")]],
    ),
    ("SOP0102", &[("owner: Office manager\n", "owner: returns@example.com\n")], &[]),
    (
        "SOP0107",
        &[("owner: Office manager\n", "owner: TBD\n")],
        &[&[("owner: Office manager\n", "owner: Todd Becker\n")]],
    ),
    ("SOP0107", &[("owner: Office manager\n", "owner: \"[name of owner]\"\n")], &[]),
    (
        "SOP0115",
        &[("owner: Office manager\n", "owner: the logistics team\n")],
        &[&[("owner: Office manager\n", "owner: Team lead logistics\n")]],
    ),
    (
        "SOP0115",
        &[("owner: Office manager\n", "owner: Finance department\n")],
        &[&[("owner: Office manager\n", "owner: Head of the finance department\n")]],
    ),
    (
        "SOP0109",
        &[("owner: Office manager\n", "owner: Office manager and Bookkeeper\n")],
        &[&[("owner: Office manager\n", "owner: Head of people and culture\n")]],
    ),
    ("SOP0109", &[("owner: Office manager\n", "owner: Office manager / Bookkeeper\n")], &[]),
    (
        "SOP0109",
        &[
            ("owner: Office manager\n", ""),
            ("Customers who", "Owner: Office manager, Bookkeeper\n\nCustomers who"),
        ],
        &[],
    ),
    (
        "SOP0103",
        &[("## Trigger\n\n- When a returned parcel arrives at the front desk\n", "")],
        &[&[]],
    ),
    (
        "SOP0112",
        &[("- When a returned parcel arrives at the front desk\n", "- As needed\n")],
        &[&[(
            "- When a returned parcel arrives at the front desk\n",
            "- When a customer asks for it\n",
        )]],
    ),
    (
        "SOP0112",
        &[("- When a returned parcel arrives at the front desk\n", "- Regularly\n")],
        &[&[("- When a returned parcel arrives at the front desk\n", "- Every Monday\n")]],
    ),
    ("SOP0110", &[("- When a returned parcel arrives at the front desk\n", "- TBD\n")], &[]),
    (
        "SOP0105",
        &[(
            "## Expected output\n\n- A line in the returns book with a transfer receipt or a photograph beside it, checked by the Office manager every Friday.\n",
            "",
        )],
        &[],
    ),
    (
        "SOP0113",
        &[(
            "- A line in the returns book with a transfer receipt or a photograph beside it, checked by the Office manager every Friday.\n",
            "- The process is complete.\n",
        )],
        &[&[(
            "- A line in the returns book with a transfer receipt or a photograph beside it, checked by the Office manager every Friday.\n",
            "- The refund is complete: the customer has the money, seen on the account statement.\n",
        )]],
    ),
    (
        "SOP0113",
        &[(
            "- A line in the returns book with a transfer receipt or a photograph beside it, checked by the Office manager every Friday.\n",
            "- Everything is done.\n",
        )],
        &[],
    ),
    (
        "SOP0114",
        &[(
            "- A line in the returns book with a transfer receipt or a photograph beside it, checked by the Office manager every Friday.\n",
            "- A refund\n",
        )],
        &[&[]],
    ),
    (
        "SOP0106",
        &[(
            "## Failure signals\n\n- A parcel stands in the returns book for more than 7 days without a receipt.\n",
            "",
        )],
        &[],
    ),
    (
        "SOP0118",
        &[(
            "- A parcel stands in the returns book for more than 7 days without a receipt.\n",
            "- Things go wrong.\n",
        )],
        &[&[]],
    ),
    (
        "SOP0118",
        &[(
            "- A parcel stands in the returns book for more than 7 days without a receipt.\n",
            "- Problems.\n",
        )],
        &[],
    ),
    (
        "SOP0116",
        &[(
            "Customers who sent a parcel back get their money within the week, so that they buy again.\n\n",
            "",
        )],
        &[],
    ),
    (
        "SOP0111",
        &[("review: every 6 months", "review: now and then")],
        &[&[("review: every 6 months", "review: yearly")]],
    ),
    (
        "SOP0109",
        &[("owner: Office manager\n", "owner: Sales lead and Finance director\n")],
        &[
            &[("owner: Office manager\n", "owner: Founder and CEO\n")],
            &[("owner: Office manager\n", "owner: Director of sales and marketing\n")],
        ],
    ),
];
