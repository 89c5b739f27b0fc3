//! The public holidays of countries outside of Europe.

use super::{
    Country, Day,
    Moved::{Monday as ToMonday, Nearest, Sunday, SundayOn, Weekend},
    Region, Rule, easter, from, listed, nth, on,
};
use jiff::civil::Weekday::{Friday, Monday, Thursday, Tuesday};

/// As the schedule of the Te Kāhui o Matariki Public Holiday Act 2022 lists it.
const MATARIKI: &[(i16, i8, i8)] = &[
    (2022, 6, 24),
    (2023, 7, 14),
    (2024, 6, 28),
    (2025, 6, 20),
    (2026, 7, 10),
    (2027, 6, 25),
    (2028, 7, 14),
    (2029, 7, 6),
    (2030, 6, 21),
    (2031, 7, 11),
    (2032, 7, 2),
    (2033, 6, 24),
    (2034, 7, 7),
    (2035, 6, 29),
    (2036, 7, 18),
    (2037, 7, 10),
    (2038, 6, 25),
    (2039, 7, 15),
    (2040, 7, 6),
    (2041, 7, 19),
    (2042, 7, 11),
    (2043, 7, 3),
    (2044, 6, 24),
    (2045, 7, 7),
    (2046, 6, 29),
    (2047, 7, 19),
    (2048, 7, 3),
    (2049, 6, 25),
    (2050, 7, 15),
    (2051, 6, 30),
    (2052, 6, 21),
];

pub(super) const COUNTRIES: &[Country] = &[
    Country::new(
        "US",
        "United States",
        &[
            on(1, 1, "New Year's Day").moved(Nearest),
            nth(3, Monday, 1, "Martin Luther King Jr. Day"),
            nth(3, Monday, 2, "Washington's Birthday"),
            nth(-1, Monday, 5, "Memorial Day"),
            on(6, 19, "Juneteenth").moved(Nearest).since(2021),
            on(7, 4, "Independence Day").moved(Nearest),
            nth(1, Monday, 9, "Labor Day"),
            nth(2, Monday, 10, "Columbus Day"),
            on(11, 11, "Veterans Day").moved(Nearest),
            nth(4, Thursday, 11, "Thanksgiving Day"),
            on(12, 25, "Christmas Day").moved(Nearest),
        ],
        &[
            Region::new(
                "US-CA",
                "California",
                &[
                    on(3, 31, "Cesar Chavez Day").moved(Sunday),
                    from(Friday, 11, 23, "Day after Thanksgiving"),
                ],
            )
            .without(&["Columbus Day"]),
            Region::new(
                "US-CT",
                "Connecticut",
                &[on(2, 12, "Lincoln's Birthday").moved(Nearest), easter(-2, "Good Friday")],
            ),
            Region::new("US-FL", "Florida", &[from(Friday, 11, 23, "Day after Thanksgiving")])
                .without(&["Washington's Birthday", "Columbus Day"]),
            Region::new("US-ME", "Maine", &[nth(3, Monday, 4, "Patriots' Day")]),
            Region::new(
                "US-MD",
                "Maryland",
                &[from(Friday, 11, 23, "American Indian Heritage Day")],
            ),
            Region::new("US-MN", "Minnesota", &[]).without(&["Columbus Day"]),
            Region::new(
                "US-NY",
                "New York",
                &[on(2, 12, "Lincoln's Birthday"), from(Tuesday, 11, 2, "Election Day")],
            ),
            Region::new("US-OR", "Oregon", &[]).without(&["Columbus Day"]),
            Region::new("US-PA", "Pennsylvania", &[from(Friday, 11, 23, "Day after Thanksgiving")]),
            Region::new("US-TN", "Tennessee", &[easter(-2, "Good Friday")])
                .without(&["Columbus Day"]),
            Region::new(
                "US-VA",
                "Virginia",
                &[
                    from(Tuesday, 11, 2, "Election Day"),
                    from(Friday, 11, 23, "Day after Thanksgiving"),
                ],
            ),
            Region::new(
                "US-WA",
                "Washington",
                &[from(Friday, 11, 23, "Native American Heritage Day")],
            )
            .without(&["Columbus Day"]),
        ],
    ),
    Country::new(
        "CA",
        "Canada",
        &[
            on(1, 1, "New Year's Day").moved(Weekend),
            easter(-2, "Good Friday"),
            on(7, 1, "Canada Day").moved(Sunday),
            nth(1, Monday, 9, "Labour Day"),
            on(12, 25, "Christmas Day").moved(Weekend),
        ],
        &[
            Region::new(
                "CA-AB",
                "Alberta",
                &[
                    nth(3, Monday, 2, "Family Day"),
                    from(Monday, 5, 18, "Victoria Day"),
                    nth(2, Monday, 10, "Thanksgiving Day"),
                    on(11, 11, "Remembrance Day").moved(Weekend),
                ],
            ),
            Region::new(
                "CA-BC",
                "British Columbia",
                &[
                    nth(3, Monday, 2, "Family Day"),
                    from(Monday, 5, 18, "Victoria Day"),
                    nth(1, Monday, 8, "British Columbia Day"),
                    on(9, 30, "National Day for Truth and Reconciliation")
                        .moved(Weekend)
                        .since(2023),
                    nth(2, Monday, 10, "Thanksgiving Day"),
                    on(11, 11, "Remembrance Day"),
                ],
            ),
            Region::new(
                "CA-MB",
                "Manitoba",
                &[
                    nth(3, Monday, 2, "Louis Riel Day"),
                    from(Monday, 5, 18, "Victoria Day"),
                    on(9, 30, "National Day for Truth and Reconciliation")
                        .moved(Weekend)
                        .since(2024),
                    nth(2, Monday, 10, "Thanksgiving Day"),
                ],
            ),
            Region::new(
                "CA-NB",
                "New Brunswick",
                &[
                    nth(3, Monday, 2, "Family Day"),
                    nth(1, Monday, 8, "New Brunswick Day"),
                    on(11, 11, "Remembrance Day"),
                ],
            ),
            Region::new(
                "CA-NL",
                "Newfoundland and Labrador",
                &[on(11, 11, "Remembrance Day").moved(Weekend)],
            ),
            Region::new(
                "CA-NT",
                "Northwest Territories",
                &[
                    from(Monday, 5, 18, "Victoria Day"),
                    on(6, 21, "National Indigenous Peoples Day"),
                    nth(1, Monday, 8, "Civic Holiday"),
                    on(9, 30, "National Day for Truth and Reconciliation").since(2022),
                    nth(2, Monday, 10, "Thanksgiving Day"),
                    on(11, 11, "Remembrance Day"),
                ],
            ),
            Region::new(
                "CA-NS",
                "Nova Scotia",
                &[nth(3, Monday, 2, "Heritage Day"), on(11, 11, "Remembrance Day").moved(Weekend)],
            ),
            Region::new(
                "CA-NU",
                "Nunavut",
                &[
                    from(Monday, 5, 18, "Victoria Day"),
                    on(7, 9, "Nunavut Day"),
                    nth(1, Monday, 8, "Civic Holiday"),
                    on(9, 30, "National Day for Truth and Reconciliation").since(2022),
                    nth(2, Monday, 10, "Thanksgiving Day"),
                    on(11, 11, "Remembrance Day"),
                ],
            ),
            Region::new(
                "CA-ON",
                "Ontario",
                &[
                    nth(3, Monday, 2, "Family Day"),
                    from(Monday, 5, 18, "Victoria Day"),
                    nth(2, Monday, 10, "Thanksgiving Day"),
                    on(12, 26, "Boxing Day").moved(Weekend),
                ],
            ),
            Region::new(
                "CA-PE",
                "Prince Edward Island",
                &[
                    nth(3, Monday, 2, "Islander Day"),
                    on(9, 30, "National Day for Truth and Reconciliation").since(2022),
                    on(11, 11, "Remembrance Day").moved(Weekend),
                ],
            ),
            Region::new(
                "CA-QC",
                "Quebec",
                &[
                    from(Monday, 5, 18, "National Patriots' Day"),
                    on(6, 24, "Saint John the Baptist Day").moved(Sunday),
                    nth(2, Monday, 10, "Thanksgiving Day"),
                ],
            ),
            Region::new(
                "CA-SK",
                "Saskatchewan",
                &[
                    nth(3, Monday, 2, "Family Day"),
                    from(Monday, 5, 18, "Victoria Day"),
                    nth(1, Monday, 8, "Saskatchewan Day"),
                    nth(2, Monday, 10, "Thanksgiving Day"),
                    on(11, 11, "Remembrance Day").moved(Weekend),
                ],
            ),
            Region::new(
                "CA-YT",
                "Yukon",
                &[
                    from(Monday, 5, 18, "Victoria Day"),
                    on(6, 21, "National Indigenous Peoples Day"),
                    nth(3, Monday, 8, "Discovery Day"),
                    on(9, 30, "National Day for Truth and Reconciliation").since(2023),
                    nth(2, Monday, 10, "Thanksgiving Day"),
                    on(11, 11, "Remembrance Day").moved(Weekend),
                ],
            ),
        ],
    ),
    Country::new(
        "MX",
        "Mexico",
        &[
            on(1, 1, "New Year's Day"),
            nth(1, Monday, 2, "Constitution Day"),
            nth(3, Monday, 3, "Benito Juárez Day"),
            on(5, 1, "Labour Day"),
            on(9, 16, "Independence Day"),
            nth(3, Monday, 11, "Revolution Day"),
            on(12, 25, "Christmas Day"),
            listed(
                &[(2024, 10, 1), (2030, 10, 1), (2036, 10, 1), (2042, 10, 1), (2048, 10, 1)],
                "Change of the Federal Government",
            ),
        ],
        &[],
    ),
    Country::new(
        "BR",
        "Brazil",
        &[
            on(1, 1, "New Year's Day"),
            easter(-2, "Good Friday"),
            on(4, 21, "Tiradentes' Day"),
            on(5, 1, "Labour Day"),
            on(9, 7, "Independence Day"),
            on(10, 12, "Our Lady of Aparecida"),
            on(11, 2, "All Souls' Day"),
            on(11, 15, "Republic Day"),
            on(11, 20, "Black Awareness Day").since(2024),
            on(12, 25, "Christmas Day"),
        ],
        &[],
    ),
    Country::new(
        "AU",
        "Australia",
        &[
            on(1, 1, "New Year's Day").moved(Weekend),
            on(1, 26, "Australia Day").moved(Weekend),
            easter(-2, "Good Friday"),
            easter(1, "Easter Monday"),
            on(4, 25, "Anzac Day"),
            on(12, 25, "Christmas Day").moved(Weekend),
            on(12, 26, "Boxing Day").moved(Weekend),
        ],
        &[
            Region::new(
                "AU-ACT",
                "Australian Capital Territory",
                &[
                    nth(2, Monday, 3, "Canberra Day"),
                    easter(-1, "Easter Saturday"),
                    easter(0, "Easter Sunday"),
                    on(4, 25, "Anzac Day").moved(Sunday),
                    listed(&[(2026, 4, 27)], "Anzac Day"),
                    from(Monday, 5, 27, "Reconciliation Day"),
                    nth(2, Monday, 6, "King's Birthday"),
                    nth(1, Monday, 10, "Labour Day"),
                ],
            ),
            Region::new(
                "AU-NSW",
                "New South Wales",
                &[
                    easter(-1, "Easter Saturday"),
                    easter(0, "Easter Sunday"),
                    listed(&[(2026, 4, 27), (2027, 4, 26)], "Anzac Day"),
                    nth(2, Monday, 6, "King's Birthday"),
                    nth(1, Monday, 10, "Labour Day"),
                ],
            ),
            Region::new(
                "AU-NT",
                "Northern Territory",
                &[
                    easter(-1, "Easter Saturday"),
                    easter(0, "Easter Sunday"),
                    on(4, 25, "Anzac Day").moved(Sunday),
                    nth(1, Monday, 5, "May Day"),
                    nth(2, Monday, 6, "King's Birthday"),
                    nth(1, Monday, 8, "Picnic Day"),
                ],
            )
            .without(&["Anzac Day"]),
            Region::new(
                "AU-QLD",
                "Queensland",
                &[
                    easter(-1, "Easter Saturday"),
                    easter(0, "Easter Sunday"),
                    on(4, 25, "Anzac Day").moved(Sunday),
                    nth(1, Monday, 5, "Labour Day"),
                    nth(1, Monday, 10, "King's Birthday"),
                ],
            )
            .without(&["Anzac Day"]),
            Region::new(
                "AU-SA",
                "South Australia",
                &[
                    nth(2, Monday, 3, "Adelaide Cup Day"),
                    easter(-1, "Easter Saturday"),
                    easter(0, "Easter Sunday"),
                    nth(2, Monday, 6, "King's Birthday"),
                    nth(1, Monday, 10, "Labour Day"),
                ],
            ),
            Region::new(
                "AU-TAS",
                "Tasmania",
                &[
                    easter(0, "Easter Sunday").since(2027),
                    nth(2, Monday, 3, "Eight Hours Day"),
                    nth(2, Monday, 6, "King's Birthday"),
                ],
            ),
            Region::new(
                "AU-VIC",
                "Victoria",
                &[
                    nth(2, Monday, 3, "Labour Day"),
                    easter(-1, "Easter Saturday"),
                    easter(0, "Easter Sunday"),
                    nth(2, Monday, 6, "King's Birthday"),
                    from(Friday, 9, 23, "Friday before the Grand Final"),
                    nth(1, Tuesday, 11, "Melbourne Cup Day"),
                ],
            ),
            Region::new(
                "AU-WA",
                "Western Australia",
                &[
                    nth(1, Monday, 3, "Labour Day"),
                    easter(0, "Easter Sunday"),
                    on(4, 25, "Anzac Day").moved(Weekend),
                    nth(1, Monday, 6, "Western Australia Day"),
                    nth(-1, Monday, 9, "King's Birthday"),
                ],
            )
            .without(&["Anzac Day"]),
        ],
    ),
    Country::new(
        "NZ",
        "New Zealand",
        &[
            on(1, 1, "New Year's Day").moved(Weekend),
            on(1, 2, "Day after New Year").moved(Weekend),
            on(2, 6, "Waitangi Day").moved(ToMonday),
            easter(-2, "Good Friday"),
            easter(1, "Easter Monday"),
            on(4, 25, "Anzac Day").moved(ToMonday),
            nth(1, Monday, 6, "King's Birthday"),
            listed(MATARIKI, "Matariki"),
            nth(4, Monday, 10, "Labour Day"),
            on(12, 25, "Christmas Day").moved(Weekend),
            on(12, 26, "Boxing Day").moved(Weekend),
        ],
        &[
            Region::new("NZ-AUK", "Auckland", &[from(Monday, 1, 26, "Auckland Anniversary Day")]),
            Region::new(
                "NZ-CAN",
                "Canterbury",
                &[from(Friday, 11, 11, "Canterbury Anniversary Day")],
            ),
            Region::new(
                "NZ-HKB",
                "Hawke's Bay",
                &[from(Friday, 10, 19, "Hawke's Bay Anniversary Day")],
            ),
            Region::new(
                "NZ-MBH",
                "Marlborough",
                &[from(Monday, 10, 29, "Marlborough Anniversary Day")],
            ),
            Region::new("NZ-NSN", "Nelson", &[from(Monday, 1, 29, "Nelson Anniversary Day")]),
            Region::new("NZ-STL", "Southland", &[easter(2, "Southland Anniversary Day")]),
            Region::new("NZ-TKI", "Taranaki", &[nth(2, Monday, 3, "Taranaki Anniversary Day")]),
            Region::new(
                "NZ-WGN",
                "Wellington",
                &[from(Monday, 1, 19, "Wellington Anniversary Day")],
            ),
        ],
    ),
    Country::new(
        "ZA",
        "South Africa",
        &[
            on(1, 1, "New Year's Day").moved(Sunday),
            on(3, 21, "Human Rights Day").moved(Sunday),
            easter(-2, "Good Friday"),
            easter(1, "Family Day"),
            on(4, 27, "Freedom Day").moved(Sunday),
            on(5, 1, "Workers' Day").moved(Sunday),
            on(6, 16, "Youth Day").moved(Sunday),
            on(8, 9, "National Women's Day").moved(Sunday),
            on(9, 24, "Heritage Day").moved(Sunday),
            on(12, 16, "Day of Reconciliation").moved(Sunday),
            on(12, 25, "Christmas Day").moved(Sunday),
            on(12, 26, "Day of Goodwill").moved(Sunday),
        ],
        &[],
    ),
    Country::new(
        "JP",
        "Japan",
        &[
            on(1, 1, "New Year's Day").moved(SundayOn),
            nth(2, Monday, 1, "Coming of Age Day"),
            on(2, 11, "Foundation Day").moved(SundayOn),
            on(2, 23, "Emperor's Birthday").moved(SundayOn),
            Rule::new(Day::SpringEquinox, "Vernal Equinox Day").moved(SundayOn),
            on(4, 29, "Showa Day").moved(SundayOn),
            on(5, 3, "Constitution Day").moved(SundayOn),
            on(5, 4, "Greenery Day").moved(SundayOn),
            on(5, 5, "Children's Day").moved(SundayOn),
            nth(3, Monday, 7, "Marine Day"),
            on(8, 11, "Mountain Day").moved(SundayOn),
            nth(3, Monday, 9, "Respect for the Aged Day"),
            Rule::new(Day::AutumnEquinox, "Autumnal Equinox Day").moved(SundayOn),
            nth(2, Monday, 10, "Sports Day"),
            on(11, 3, "Culture Day").moved(SundayOn),
            on(11, 23, "Labour Thanksgiving Day").moved(SundayOn),
        ],
        &[],
    )
    .with_days_between(),
];
