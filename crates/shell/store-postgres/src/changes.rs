//! What tells this node that any node has written: the database's own notifications, and looking
//! again every so often while it cannot be heard.

use crate::address::Address;
use std::future::poll_fn;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_postgres::AsyncMessage;

/// How often something may have changed while nothing can be heard.
const DEAF: Duration = Duration::from_secs(1);

/// A number that grows when somebody wrote.
#[derive(Debug)]
pub(crate) struct Changes {
    count: watch::Receiver<u64>,
    listening: JoinHandle<()>,
}

impl Changes {
    /// Listens until dropped.
    pub(crate) fn listen(address: Address, home: &Handle) -> Self {
        let (tell, count) = watch::channel(0);
        let listening = home.spawn(async move {
            loop {
                if let Err(error) = hear(&address, &tell).await {
                    tracing::debug!(%error, "changes of other nodes cannot be heard");
                }
                tell.send_modify(|n| *n = n.wrapping_add(1));
                tokio::time::sleep(DEAF).await;
            }
        });
        Self { count, listening }
    }

    /// The number, to be waited for.
    pub(crate) fn receiver(&self) -> watch::Receiver<u64> {
        self.count.clone()
    }
}

impl Drop for Changes {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// Counts announcements until the connection ends.
async fn hear(address: &Address, tell: &watch::Sender<u64>) -> Result<(), tokio_postgres::Error> {
    let (client, mut connection) = address.connect().await?;
    let asked =
        client.batch_execute("SET application_name = 'gemba listener'; LISTEN gemba_changed");
    let told = async {
        while let Some(message) = poll_fn(|cx| connection.poll_message(cx)).await {
            if matches!(message?, AsyncMessage::Notification(_)) {
                tell.send_modify(|n| *n = n.wrapping_add(1));
            }
        }
        Ok(())
    };
    let asked = async {
        asked.await?;
        // What was written before this node listened was announced to nobody here.
        tell.send_modify(|n| *n = n.wrapping_add(1));
        Ok(())
    };
    tokio::try_join!(asked, told).map(|_| ())
}
