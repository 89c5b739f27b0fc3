//! Clauses about steps, their flow and who does them.

use super::{Case, END};

pub(super) const CASES: &[Case] = &[
    (
        "SOP0201",
        &[(
            "   - If the goods are damaged, go to step 4.\n",
            "   - If the goods are damaged, go to step 9.\n",
        )],
        &[&[]],
    ),
    (
        "SOP0206",
        &[(
            "   - If the goods are damaged, go to step 4.\n",
            "   - If the goods are damaged, go to step 3 (photograph the damage).\n",
        )],
        &[&[(
            "   - If the goods are damaged, go to step 4.\n",
            "   - If the goods are damaged, go to step 4 (photograph the damage).\n",
        )]],
    ),
    (
        "SOP0202",
        &[(
            "   - If the goods are damaged, go to step 4.\n",
            "   - If the goods are damaged, go back to the relevant step.\n",
        )],
        &[&[(
            "   - If the goods are damaged, go to step 4.\n",
            "   - If the goods are damaged, go back to step 1.\n",
        )]],
    ),
    ("SOP0203", &[("   - Otherwise, go to step 3.\n", "   - Otherwise, go to step 4.\n")], &[&[]]),
    (
        "SOP0204",
        &[
            (
                "   - If the goods are damaged, go to step 4.\n",
                "   - If the goods are damaged, go to step 1.\n",
            ),
            ("   - Otherwise, go to step 3.\n", "   - Otherwise, go to step 1.\n"),
        ],
        &[&[(
            "   - If the goods are damaged, go to step 4.\n",
            "   - If the goods are damaged, go to step 1.\n",
        )]],
    ),
    ("SOP0205", &[("   - Otherwise, go to step 3.\n", "")], &[&[]]),
    (
        "SOP0205",
        &[(
            "**Bookkeeper** refunds the price by bank transfer.",
            "**Bookkeeper** refunds the price by bank transfer. If the amount is above 500 euros, go to step 2.",
        )],
        &[],
    ),
    (
        "SOP0207",
        &[(
            "**Bookkeeper** refunds the price by bank transfer.",
            "**Office manager** approves the refund.",
        )],
        &[&[(
            "**Bookkeeper** refunds the price by bank transfer.",
            "**Office manager** approves the refund. If the refund is refused, go to step 4.",
        )]],
    ),
    (
        "SOP0207",
        &[(
            "**Bookkeeper** refunds the price by bank transfer.",
            "**Bookkeeper** sends the refund to the Office manager for approval.",
        )],
        &[],
    ),
    (
        "SOP0208",
        &[(
            "**Front desk clerk** writes the parcel number into the returns book.",
            "After step 3, the **Front desk clerk** writes the parcel number into the returns book.",
        )],
        &[&[(
            "**Bookkeeper** refunds the price by bank transfer.",
            "After step 2, the **Bookkeeper** refunds the price by bank transfer.",
        )]],
    ),
    (
        "SOP0211",
        &[(
            "**Warehouse lead** photographs the damage and informs the customer in writing.",
            "**Warehouse lead** photographs the damage and hands the parcel over to the right person.",
        )],
        &[&[(
            "**Warehouse lead** photographs the damage and informs the customer in writing.",
            "**Warehouse lead** photographs the damage and hands the parcel over to the Bookkeeper.",
        )]],
    ),
    (
        "SOP0212",
        &[(
            "**Bookkeeper** refunds the price by bank transfer.\n   - Evidence: the transfer receipt\n   - Due: 3 days",
            "Wait for the customer to answer.",
        )],
        &[&[(
            "**Bookkeeper** refunds the price by bank transfer.",
            "Wait up to 3 days for the customer to answer.",
        )]],
    ),
    (
        "SOP0301",
        &[
            (
                "**Front desk clerk** writes the parcel number into the returns book.",
                "**Write the number** — Front desk clerk {#a}",
            ),
            (
                "**Bookkeeper** refunds the price by bank transfer.",
                "**Refund the price** — Bookkeeper {#a}",
            ),
        ],
        &[],
    ),
    (
        "SOP0302",
        &[
            (
                "**Warehouse lead** photographs the damage and informs the customer in writing.",
                "**Warehouse lead** writes the parcel number into the returns book.",
            ),
            (
                "**Front desk clerk** writes the parcel number into the returns book.",
                "**Warehouse lead** writes the parcel number into the returns book.",
            ),
        ],
        &[&[]],
    ),
    ("SOP0303", &[("# Parcel return\n\n", "")], &[&[]]),
    (
        "SOP0304",
        &[
            ("3. **Book", "5. **Book"),
            ("4. **Ware", "6. **Ware"),
            ("go to step 4", "go to step 6"),
            ("go to step 3", "go to step 5"),
        ],
        &[&[]],
    ),
    (
        "SOP0401",
        &[
            ("owner: Office manager\n", ""),
            (
                "**Bookkeeper** refunds the price by bank transfer.",
                "The price is refunded by bank transfer.",
            ),
        ],
        &[&[]],
    ),
    ("SOP0310", &[("## Expected output", "##Expected output")], &[]),
    (
        "SOP0312",
        &[(
            "- A parcel stands in the returns book for more than 7 days without a receipt.\n",
            "- A parcel stands in the returns book for more than 7 days without a receipt.\n\n## Before\n\n- [] Open the book\n- [ ] Close the book\n",
        )],
        &[],
    ),
    ("SOP0313", &[("   - Evidence: the photograph", "   - Evidance: the photograph")], &[&[]]),
    (
        "SOP0311",
        &[(
            "**Front desk clerk** writes the parcel number into the returns book.",
            "**Write the number** — Front desk clerk {#Write It}",
        )],
        &[],
    ),
    (
        "SOP0413",
        &[("   - Evidence: the photograph", "   - Evidence (choice): state: broken")],
        &[&[("   - Evidence: the photograph", "   - Evidence (choice): state: broken or whole")]],
    ),
    (
        "SOP0412",
        &[
            ("   - Evidence: the transfer receipt\n", ""),
            (
                "**Bookkeeper** refunds the price by bank transfer.",
                "**Bookkeeper** pays the price by bank transfer.",
            ),
        ],
        &[&[]],
    ),
    (
        "SOP0410",
        &[
            (
                "**Front desk clerk** writes the parcel number into the returns book.",
                "**Office manager** prepares the refund.",
            ),
            (
                "**Bookkeeper** refunds the price by bank transfer.",
                "**Office manager** approves the refund. If it is refused, go to step 4.",
            ),
        ],
        &[&[
            (
                "**Front desk clerk** writes the parcel number into the returns book.",
                "**Bookkeeper** prepares the refund.",
            ),
            (
                "**Bookkeeper** refunds the price by bank transfer.",
                "**Office manager** approves the refund. If it is refused, go to step 4.",
            ),
        ]],
    ),
    (
        "SOP0411",
        &[(
            "**Warehouse lead** photographs the damage and informs the customer in writing.",
            "**Warehouse lead** photographs the damage and escalates it if the customer is angry.",
        )],
        &[&[(
            "**Warehouse lead** photographs the damage and informs the customer in writing.",
            "**Warehouse lead** photographs the damage and escalates it to the Office manager if the customer is angry.",
        )]],
    ),
    (
        "SOP0403",
        &[(
            END,
            "\n## RACI\n\n| Step | Front desk clerk | Warehouse lead | Bookkeeper | Office manager |\n| --- | --- | --- | --- | --- |\n| 1 | R | I |  | A |\n| 2 | I | R |  | A |\n| 3 |  | A | R | A |\n| 4 |  | R |  | A |\n",
        )],
        &[&[(
            END,
            "\n## RACI\n\n| Step | Front desk clerk | Warehouse lead | Bookkeeper | Office manager |\n| --- | --- | --- | --- | --- |\n| 1 | R | I |  | A |\n| 2 | I | R |  | A |\n| 3 |  |  | R | A |\n| 4 |  | R |  | A |\n",
        )]],
    ),
    (
        "SOP0404",
        &[(
            END,
            "\n## RACI\n\n| Step | Front desk clerk | Warehouse lead | Bookkeeper | Office manager |\n| --- | --- | --- | --- | --- |\n| 1 | R | I |  | A |\n| 2 | I | R |  | A |\n| 3 |  |  | R | A |\n| 4 |  |  | R | A |\n",
        )],
        &[&[(
            END,
            "\n## RACI\n\n| Step | Front desk clerk | Warehouse lead | Bookkeeper | Office manager |\n| --- | --- | --- | --- | --- |\n| 1 | R | I |  | A |\n| 2 | I | R |  | A |\n| 3 |  |  | R | A |\n| 4 |  | R |  | A |\n",
        )]],
    ),
    (
        "SOP0405",
        &[(
            END,
            "\n## RACI\n\n| Step | Front desk clerk | Warehouse lead | Bookkeeper | Office manager |\n| --- | --- | --- | --- | --- |\n| 1 | R | I |  | A |\n| 2 | I | R |  | A |\n| 3 |  |  | R | A |\n| 4 |  | R |  | A |\n| Paint the wall |  | R |  | A |\n",
        )],
        &[&[(
            END,
            "\n## RACI\n\n| Step | Front desk clerk | Warehouse lead | Bookkeeper | Office manager |\n| --- | --- | --- | --- | --- |\n| 1 | R | I |  | A |\n| 2 | I | R |  | A |\n| 3 |  |  | R | A |\n| 4 |  | R |  | A |\n",
        )]],
    ),
    (
        "SOP0409",
        &[(
            "**Warehouse lead** photographs the damage and informs the customer in writing.",
            "**Warehouse Leader** photographs the damage and informs the customer in writing.",
        )],
        &[&[]],
    ),
    (
        "SOP0207",
        &[(
            "**Bookkeeper** refunds the price by bank transfer.",
            "**Bookkeeper** obtains the approval of the Office manager.",
        )],
        &[&[(
            "**Bookkeeper** refunds the price by bank transfer.",
            "**Bookkeeper** obtains the approval of the Office manager. If it is denied, go to step 4.",
        )]],
    ),
];
