//! The library and the first-day audit.

use gemba_app::{
    Who,
    first_day::{self, Consequence, Frequency, Said, Weight},
    library::{self, Cover},
    processes, publishing, retirement,
};
use gemba_testkit::{INVOICING, TestApp};

fn said(slug: &str, happens: bool, frequency: Frequency, consequence: Consequence) -> Said {
    let weight = Weight { frequency, consequence };
    Said { slug: slug.to_owned(), happens, weight, seat: String::new() }
}

#[tokio::test]
async fn the_library_makes_a_draft_once() {
    let kit = TestApp::new().await;
    let mia = kit.person("Mia").await;
    assert_eq!(library::list(&kit.app, &mia).await.expect("a list").len(), 32);
    let slug = library::draft(&kit.app, &mia, "payroll").await.expect("a draft");
    assert_eq!(library::draft(&kit.app, &mia, "payroll").await.expect("the same"), slug);
    let draft = processes::draft(&kit.app, &mia, &slug).await.expect("a draft");
    assert_eq!(draft.checked.process.owner.named(), Some("Finance lead"));
    let (shelf, process) = library::get(&kit.app, &mia, "payroll").await.expect("a text");
    assert_eq!((shelf.cover, process.title.as_str()), (Cover::Draft(slug), "Payroll"));
    let missing = library::draft(&kit.app, &mia, "nothing").await;
    assert_eq!(missing.expect_err("not there").code(), "APP0201");
}

#[tokio::test]
async fn an_observer_reads_the_library_and_makes_nothing_of_it() {
    let kit = TestApp::new().await;
    let otto = kit.person("Otto").await;
    library::get(&kit.app, &otto, "payroll").await.expect("a text");
    let refused = library::draft(&kit.app, &otto, "payroll").await;
    assert_eq!(refused.expect_err("refused").code(), "APP0103");
}

#[tokio::test]
async fn answers_rank_what_to_write_first() {
    use Consequence::{High, Low};
    use Frequency::{Daily, Weekly, Yearly};
    let kit = TestApp::new().await;
    let mara = kit.person("Mara").await;
    let answers = vec![
        said("payroll", true, Yearly, Low),
        said("lead-intake", true, Daily, High),
        said("crm-hygiene", true, Weekly, High),
        said("campaign-launch", false, Daily, High),
    ];
    first_day::answer(&kit.app, &mara, answers).await.expect("kept");
    let day = first_day::overview(&kit.app, &mara).await.expect("an overview");
    let order: Vec<&str> = day.ranked.iter().map(|q| q.slug.as_str()).collect();
    assert_eq!(order, ["lead-intake", "crm-hygiene", "payroll"]);
    assert_eq!(day.n_first, 3);
    let finance = day.functions.iter().find(|f| f.name == "Finance").expect("finance");
    assert_eq!((finance.n_asked, finance.n_answered, finance.n_happening), (6, 1, 1));
    let asked = first_day::function(&kit.app, &mara, "marketing").await.expect("questions");
    assert_eq!(asked.next.as_deref(), Some("people"));
    let launch = asked.questions.iter().find(|q| q.slug == "campaign-launch").expect("asked");
    assert_eq!(launch.happens, Some(false));
}

#[tokio::test]
async fn drafts_are_made_for_who_does_it_and_the_coverage_grows() {
    let kit = TestApp::new().await;
    let mara = kit.person("Mara").await;
    let weekly = said("monthly-invoicing", true, Frequency::Monthly, Consequence::High);
    let answer = Said { seat: "accounting".to_owned(), ..weekly };
    first_day::answer(&kit.app, &mara, vec![answer]).await.expect("kept");
    first_day::add(&kit.app, &mara, "Finance", "Grant reporting").await.expect("added");
    let wanted = ["monthly-invoicing".to_owned(), "grant-reporting".to_owned()];
    let made = first_day::draft(&kit.app, &mara, &wanted).await.expect("drafts");
    assert_eq!(made.len(), 2);
    // The chart's own spelling of the seat.
    let draft = processes::draft(&kit.app, &mara, "monthly-invoicing").await.expect("a draft");
    assert_eq!(draft.checked.process.owner.named(), Some("Accounting"));
    let own = processes::draft(&kit.app, &mara, "grant-reporting").await.expect("a draft");
    assert_eq!(own.checked.process.function.as_deref(), Some("Finance"));
    let again = first_day::draft(&kit.app, &mara, &wanted).await.expect("nothing");
    assert_eq!(again, []);

    let day = first_day::overview(&kit.app, &mara).await.expect("an overview");
    let finance = day.functions.iter().find(|f| f.name == "Finance").expect("finance");
    assert_eq!((finance.n_drafts, finance.n_in_force), (2, 0));
    assert_eq!(day.growth.last(), Some(&0));
    publishing::create_missing_seats(&kit.app, &mara, "monthly-invoicing").await.expect("seats");
    let publication = publishing::Publication::default();
    publishing::publish(&kit.app, &mara, "monthly-invoicing", publication).await.expect("done");
    let day = first_day::overview(&kit.app, &mara).await.expect("an overview");
    assert_eq!(day.growth.last(), Some(&1));
    assert_eq!(day.growth.first(), Some(&0));
}

#[tokio::test]
async fn what_is_written_already_covers_its_question() {
    let kit = TestApp::new().await;
    kit.publish(INVOICING).await;
    let otto = kit.person("Otto").await;
    let asked = first_day::function(&kit.app, &otto, "finance").await.expect("questions");
    let invoicing = asked.questions.iter().find(|q| q.slug == "monthly-invoicing").expect("asked");
    assert_eq!(invoicing.cover, Cover::InForce("monthly-invoicing".to_owned()));

    let mara = kit.person("Mara").await;
    retirement::retire(&kit.app, &mara, "monthly-invoicing", "the bank does it")
        .await
        .expect("retired");
    let asked = first_day::function(&kit.app, &otto, "finance").await.expect("questions");
    let invoicing = asked.questions.iter().find(|q| q.slug == "monthly-invoicing").expect("asked");
    assert_eq!(invoicing.cover, Cover::Nothing);
}

#[tokio::test]
async fn only_managers_answer_and_what_makes_no_sense_is_refused() {
    let kit = TestApp::new().await;
    let (mia, mara) = (kit.person("Mia").await, kit.person("Mara").await);
    let one = || vec![said("payroll", true, Frequency::Monthly, Consequence::High)];
    let refused = first_day::answer(&kit.app, &mia, one()).await;
    assert_eq!(refused.expect_err("a member").code(), "APP0103");
    assert_eq!(first_day::overview(&kit.app, &mia).await.expect("read").ranked.len(), 0);
    let code = |result: gemba_app::Result<()>| result.expect_err("refused").code();
    let unknown = vec![said("nothing", true, Frequency::Monthly, Consequence::High)];
    assert_eq!(code(first_day::answer(&kit.app, &mara, unknown).await), "APP0201");
    let long = Said { seat: "x".repeat(81), ..one().remove(0) };
    assert_eq!(code(first_day::answer(&kit.app, &mara, vec![long]).await), "APP0301");
    assert_eq!(code(first_day::add(&kit.app, &mara, "Finance", "Payroll").await), "APP0301");
    assert_eq!(code(first_day::add(&kit.app, &mara, "Magic", "Spells").await), "APP0201");
    let none = first_day::function(&kit.app, &Who::operator(), "magic").await;
    assert_eq!(none.expect_err("not there").code(), "APP0201");
}
