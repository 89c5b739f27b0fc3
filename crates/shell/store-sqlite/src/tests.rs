//! The store as a whole: the port's contract, durability, several openers, files that are refused.

use crate::SqliteStore;
use gemba_store::{Store, contract};
use std::sync::Arc;
use tempfile::TempDir;

#[tokio::test]
async fn sqlite_keeps_the_contract() {
    let home = TempDir::new().unwrap();
    let n = std::sync::atomic::AtomicU32::new(0);
    let make = || -> Arc<dyn Store> {
        let n = n.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        Arc::new(SqliteStore::open(&home.path().join(format!("{n}.db"))).unwrap())
    };
    assert_eq!(contract::failures(&make).await, Vec::<String>::new());
}
