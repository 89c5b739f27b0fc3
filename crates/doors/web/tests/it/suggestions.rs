//! A change that an agent suggests is seen, taken or put away by whoever may write the document.

use crate::browser::Browser;
use gemba_app::suggestions;
use gemba_testkit::{INVOICING, TestApp};

#[tokio::test]
async fn the_owner_takes_a_suggestion_into_the_draft_or_puts_it_away() {
    let kit = TestApp::new().await;
    let slug = kit.publish(INVOICING).await;
    let mia = Browser::of(&kit, "Mia").await;
    let here = format!("/processes/{slug}");
    let list = format!("{here}/suggestions");
    mia.get(&list).await.shows(&["Nothing is suggested"]);
    mia.get(&here).await.hides(&["suggested"]);

    let dash = kit.agent("Delivery lead").await;
    let mut ids = Vec::new();
    for (word, why) in [("all the hours", "say all"), ("each hour", "say each")] {
        let text = INVOICING.replace("the hours", word);
        ids.push(suggestions::suggest(&kit.app, &dash, &slug, &text, why).await.unwrap());
    }
    mia.get(&here).await.shows(&["Changes are suggested."]);
    mia.get("/").await.shows(&["Suggested changes", "2 suggestions wait for an answer", &list]);
    Browser::of(&kit, "Ben").await.get("/").await.hides(&["Suggested changes"]);
    mia.get(&list).await.shows(&["say all", "by Dash", "+ ", "Take it into the draft"]);
    let ben = Browser::of(&kit, "Ben").await;
    ben.get(&list).await.shows(&["say all"]).hides(&["Take it into the draft"]);
    ben.post(&format!("{list}/{}/adoption", ids[0]), &[]).await.is(403);

    mia.post(&format!("{list}/{}/dismissal", ids[1]), &[("note", " ")]).await.refused(&["why"]);
    let away = mia.post(&format!("{list}/{}/dismissal", ids[1]), &[("note", "too narrow")]).await;
    away.goes(&format!("{list}?done=saved"));
    mia.post(&format!("{list}/{}/adoption", ids[0]), &[])
        .await
        .goes(&format!("{here}/edit?done=saved"));
    mia.get(&list).await.shows(&["too narrow", "Became the draft"]);
    mia.post(&format!("{list}/{}/adoption", ids[0]), &[]).await.is(409);
}
