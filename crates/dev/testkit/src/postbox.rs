//! A courier that keeps what it is given, and answers what the test says.

use async_trait::async_trait;
use gemba_app::ports::{Answer, Courier, Mail, Post};
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// A courier for tests. Every address that begins with `https://` is fine; posts are taken (204) unless
/// answers were laid ready.
#[derive(Debug, Default)]
pub struct Postbox {
    posts: Mutex<Vec<Post>>,
    mails: Mutex<Vec<Mail>>,
    answers: Mutex<VecDeque<Result<Answer, String>>>,
}

impl Postbox {
    /// Lays the answer to one of the next posts ready.
    pub fn answer(&self, status: u16) {
        self.answers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push_back(Ok(Answer { status, ..Answer::default() }));
    }

    /// Lays this answer to one of the next posts ready.
    pub fn answer_with(&self, answer: Result<Answer, String>) {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).push_back(answer);
    }

    /// What was posted since somebody last looked.
    pub fn posts(&self) -> Vec<Post> {
        std::mem::take(&mut *self.posts.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What was mailed since somebody last looked.
    pub fn mails(&self) -> Vec<Mail> {
        std::mem::take(&mut *self.mails.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl Courier for Postbox {
    fn base(&self) -> &'static str {
        "https://gemba.example"
    }

    fn sends_mail(&self) -> bool {
        true
    }

    fn refuses(&self, url: &str) -> Option<String> {
        (!url.starts_with("https://")).then(|| "an address begins with https://".to_owned())
    }

    async fn post(&self, post: Post) -> Result<Answer, String> {
        self.posts.lock().unwrap_or_else(PoisonError::into_inner).push(post);
        let next = self.answers.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        next.unwrap_or_else(|| Ok(Answer { status: 204, ..Answer::default() }))
    }

    async fn mail(&self, mail: Mail) -> Result<String, String> {
        self.mails.lock().unwrap_or_else(PoisonError::into_inner).push(mail);
        Ok("250 taken".to_owned())
    }
}
