//! One server out of the doors: pages, REST, MCP, and what a machine asks (alive, ready, metrics).

use crate::{args::Outgoing, failure::Failure};
use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};
use gemba_app::App;
use gemba_courier::{Options, Outside};
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower_http::{
    catch_panic::CatchPanicLayer, compression::CompressionLayer,
    set_header::SetResponseHeaderLayer, timeout::TimeoutLayer,
};

/// How long a request may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// How the server is reached.
#[derive(Debug, Clone)]
pub(crate) struct Address {
    /// Where it listens.
    pub(crate) listen: String,
    /// The address people use, where it is another.
    pub(crate) public_url: Option<String>,
    /// The secret of the page that sets up an empty workspace.
    pub(crate) setup_key: Option<String>,
    /// What leaves the house.
    pub(crate) outgoing: Outgoing,
}

/// A bound server that has not begun to serve.
#[derive(Debug)]
pub(crate) struct Server {
    listener: TcpListener,
    router: Router,
    app: App,
    stop: watch::Sender<bool>,
    /// The address to open.
    pub(crate) url: String,
}

/// Binds the address and puts the doors together.
pub(crate) async fn bind(app: App, address: Address) -> Result<Server, Failure> {
    let listener = TcpListener::bind(&address.listen).await.map_err(|e| {
        Failure::Usage(format!(
            "cannot listen on {}: {e}; name another with --listen",
            address.listen
        ))
    })?;
    let local = listener.local_addr().map_err(|e| Failure::Machine(e.to_string()))?;
    let url = address.public_url.clone().unwrap_or_else(|| format!("http://{local}"));
    let url = url.trim_end_matches('/').to_owned();
    let Outgoing { smtp, mail_from, private_webhooks } = address.outgoing.clone();
    let options = Options { base: url.clone(), private: private_webhooks, smtp, from: mail_from };
    let courier = Outside::new(options).map_err(|e| Failure::Usage(e.to_string()))?;
    let app = app.with_courier(Arc::new(courier));
    let (stop, stopped) = watch::channel(false);
    let router = router(&app, &address, local, &url, stopped);
    Ok(Server { listener, router, app, stop, url })
}

fn router(
    app: &App,
    address: &Address,
    local: SocketAddr,
    url: &str,
    stopped: watch::Receiver<bool>,
) -> Router {
    let host = url.split("://").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or_default();
    let secure = url.starts_with("https://");
    let web = gemba_web::Config {
        setup_key: address.setup_key.clone(),
        public_url: address.public_url.as_ref().map(|_| url.to_owned()),
        secure,
        stop: Some(stopped),
    };
    let mcp = gemba_mcp::McpConfig {
        url: Some(url.to_owned()),
        hosts: vec![host.to_owned(), local.to_string(), format!("localhost:{}", local.port())],
        origins: vec![url.to_owned(), format!("http://localhost:{}", local.port())],
    };
    let counters = Arc::new(Counters::default());
    let machine = Router::new()
        .route("/healthz", get(|| async { "alive\n" }))
        .route("/readyz", get(ready))
        .with_state(app.clone())
        .route("/metrics", get(metrics).with_state(Arc::clone(&counters)));
    Router::new()
        .merge(gemba_web::router(app.clone(), web))
        .merge(gemba_api::router(app.clone()))
        .merge(gemba_api::hooks(app.clone()))
        .merge(gemba_mcp::router(app.clone(), mcp))
        .merge(machine)
        .layer(CompressionLayer::new().gzip(true))
        .layer(header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(header::REFERRER_POLICY, "same-origin"))
        .layer(header(header::X_FRAME_OPTIONS, "DENY"))
        .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, TIMEOUT))
        .layer(CatchPanicLayer::new())
        .layer(middleware::from_fn_with_state(counters, count))
}

fn header(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

async fn ready(State(app): State<App>) -> Response {
    match gemba_app::workspace::is_empty(&app).await {
        Ok(_) => "ready\n".into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer\n").into_response(),
    }
}

/// Requests served, by class of status.
#[derive(Debug, Default)]
struct Counters {
    classes: [AtomicU64; 6],
}

async fn count(State(counters): State<Arc<Counters>>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let class = usize::from(response.status().as_u16() / 100);
    if let Some(counter) = counters.classes.get(class) {
        counter.fetch_add(1, Ordering::Relaxed);
    }
    response
}

async fn metrics(State(counters): State<Arc<Counters>>) -> Response {
    let mut text = String::from(
        "# HELP gemba_http_requests_total Requests served, by class of status.\n\
         # TYPE gemba_http_requests_total counter\n",
    );
    for (class, counter) in counters.classes.iter().enumerate().skip(1) {
        let n = counter.load(Ordering::Relaxed);
        // Writing to a string cannot fail.
        let _fine = writeln!(text, "gemba_http_requests_total{{status=\"{class}xx\"}} {n}");
    }
    text.push_str(
        "# HELP gemba_build_info The version that runs.\n# TYPE gemba_build_info gauge\n",
    );
    let _fine = writeln!(text, "gemba_build_info{{version=\"{}\"}} 1", env!("CARGO_PKG_VERSION"));
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
}

impl Server {
    /// Serves until the machine asks to stop.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let Self { listener, router, app, stop, .. } = self;
        let loops = tokio::task::spawn(gemba_worker::run(app, stop.subscribe()));
        let asked = async move {
            asked_to_stop().await;
            // Pages that listen are let go, and the loops finish their act and end.
            let _nobody_listens = stop.send(true);
        };
        let served = axum::serve(listener, router).with_graceful_shutdown(asked).await;
        let ended = loops.await;
        served.map_err(|e| Failure::Machine(format!("the server stopped: {e}")))?;
        ended.map_err(|e| Failure::Machine(format!("a loop stopped: {e}")))
    }
}

async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
        if let Ok(mut terminate) = terminate {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _asked = interrupt.await;
}
