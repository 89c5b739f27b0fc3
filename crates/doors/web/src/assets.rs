//! The files a page links to: embedded, named by their content, cached for ever.
//!
//! `assets/` is ours and always there. So is `styles/`, the parts of one sheet, joined in the order of
//! their names. `dist/` is the built front end; it may be empty, and then the pages are plainer and do
//! all the same. `map.css` is what the drawings of maps ask for.

use axum::{
    Router,
    body::Body,
    extract::Path,
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{
            ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
            VARY, X_CONTENT_TYPE_OPTIONS,
        },
    },
    response::Response,
    routing::get,
};
use rust_embed::Embed;
use std::{
    borrow::Cow,
    collections::BTreeMap,
    fmt::Write as _,
    hash::{DefaultHasher, Hasher as _},
    sync::LazyLock,
};

#[derive(Embed)]
#[folder = "assets"]
struct Own;

#[derive(Embed)]
#[folder = "styles"]
struct Styles;

#[derive(Embed)]
#[folder = "dist"]
struct Built;

/// The path below which the files are served.
const ROOT: &str = "/assets/";

struct Asset {
    kind: &'static str,
    bytes: Cow<'static, [u8]>,
    gzip: Option<Cow<'static, [u8]>>,
}

/// What is served, and under which name each file is asked for by the pages.
struct Shelf {
    by_name: BTreeMap<String, Asset>,
    address: BTreeMap<String, String>,
}

static SHELF: LazyLock<Shelf> = LazyLock::new(Shelf::fill);

impl Shelf {
    fn fill() -> Self {
        let mut shelf = Self { by_name: BTreeMap::new(), address: BTreeMap::new() };
        for plain in Own::iter() {
            if let Some(file) = Own::get(&plain) {
                let served = hashed(&plain, file.metadata.sha256_hash());
                shelf.put(&plain, served, file.data);
            }
        }
        let (served, sheet) = page_sheet();
        shelf.put("app.css", served, Cow::Owned(sheet));
        let sheet = gemba_app::maps::page_sheet();
        let mut hasher = DefaultHasher::new();
        hasher.write(sheet.as_bytes());
        let served = format!("map.{:010x}.css", hasher.finish() & 0xff_ffff_ffff);
        shelf.put("map.css", served, Cow::Owned(sheet.into_bytes()));
        for (plain, served) in manifest() {
            if let Some(file) = Built::get(&served) {
                shelf.put(&plain, served, file.data);
            }
        }
        shelf
    }

    fn put(&mut self, plain: &str, served: String, bytes: Cow<'static, [u8]>) {
        let Some(kind) = content_type(plain) else { return };
        // The twin carries the hash of what it was made from, so an outdated one is never found.
        let gzip = Built::get(&format!("{served}.gz")).map(|twin| twin.data);
        self.address.insert(plain.to_owned(), format!("{ROOT}{served}"));
        self.by_name.insert(served, Asset { kind, bytes, gzip });
    }
}

/// The names of the built files, from the plain one to the served one.
fn manifest() -> BTreeMap<String, String> {
    Built::get("manifest.json")
        .and_then(|file| serde_json::from_slice(&file.data).ok())
        .unwrap_or_default()
}

/// The sheet of every page from its parts, and the name under which it is served.
fn page_sheet() -> (String, Vec<u8>) {
    let mut parts: Vec<Cow<'static, str>> = Styles::iter().collect();
    parts.sort_unstable();
    let (mut sheet, mut hash) = (Vec::new(), [0; 32]);
    for file in parts.iter().filter_map(|part| Styles::get(part)) {
        sheet.extend_from_slice(&file.data);
        for (byte, own) in hash.iter_mut().zip(file.metadata.sha256_hash()) {
            *byte ^= own;
        }
    }
    (hashed("app.css", hash), sheet)
}

/// `app.css` as `app.0123456789.css`, which is also how the front end's build names it: of several
/// parts the hashes are put together by exclusive or.
fn hashed(plain: &str, sha256: [u8; 32]) -> String {
    let mut hash = String::new();
    for byte in sha256.iter().take(5) {
        // Writing to a string cannot fail.
        if write!(hash, "{byte:02x}").is_err() {
            break;
        }
    }
    match plain.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}.{hash}.{extension}"),
        None => format!("{plain}.{hash}"),
    }
}

fn content_type(name: &str) -> Option<&'static str> {
    match name.rsplit_once('.')?.1 {
        "css" => Some("text/css; charset=utf-8"),
        "js" => Some("text/javascript; charset=utf-8"),
        "svg" => Some("image/svg+xml"),
        "txt" => Some("text/plain; charset=utf-8"),
        "woff2" => Some("font/woff2"),
        _ => None,
    }
}

/// The address of a file by its plain name (`app.css`), where it is there at all.
pub fn address(plain: &str) -> Option<&'static str> {
    SHELF.address.get(plain).map(String::as_str)
}

/// The route of the files.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/assets/{name}", get(serve))
}

async fn serve(Path(name): Path<String>, headers: HeaderMap) -> Response {
    answer(&name, &headers)
}

fn answer(name: &str, asked: &HeaderMap) -> Response {
    let Some(asset) = SHELF.by_name.get(name) else {
        return response(StatusCode::NOT_FOUND, Body::from("There is no such file."));
    };
    let tag = HeaderValue::from_str(&format!("\"{name}\"")).ok();
    let known = tag.is_some() && asked.get(IF_NONE_MATCH) == tag.as_ref();
    let gzip = asset.gzip.as_ref().filter(|_| accepts_gzip(asked));
    let mut answer = if known {
        response(StatusCode::NOT_MODIFIED, Body::empty())
    } else {
        let bytes: &'static [u8] = gzip.unwrap_or(&asset.bytes);
        response(StatusCode::OK, Body::from(bytes))
    };
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(asset.kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if asset.gzip.is_some() {
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    }
    if gzip.is_some() && !known {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    if let Some(tag) = tag {
        headers.insert(ETAG, tag);
    }
    answer
}

fn response(status: StatusCode, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response
}

fn accepts_gzip(asked: &HeaderMap) -> bool {
    asked
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|offer| {
            let mut parts = offer.split(';').map(str::trim);
            let named = parts.next().is_some_and(|coding| matches!(coding, "gzip" | "*"));
            named && !parts.any(|weight| matches!(weight, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asking(headers: &[(axum::http::HeaderName, &str)]) -> HeaderMap {
        headers
            .iter()
            .map(|(name, value)| (name.clone(), HeaderValue::from_str(value).unwrap()))
            .collect()
    }

    fn css_name() -> &'static str {
        address("app.css").unwrap().strip_prefix(ROOT).unwrap()
    }

    #[test]
    fn the_stylesheet_is_always_there_and_cached_for_ever() {
        let answer = answer(css_name(), &HeaderMap::new());
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()[CONTENT_TYPE], "text/css; charset=utf-8");
        assert!(answer.headers()[CACHE_CONTROL].to_str().unwrap().contains("immutable"));
        assert!(!answer.headers().contains_key(CONTENT_ENCODING));
    }

    #[test]
    fn the_stylesheet_is_all_its_parts_in_the_order_of_their_names() {
        let (_, sheet) = page_sheet();
        let sheet = String::from_utf8(sheet).unwrap();
        let place = |words: &str| sheet.find(words).unwrap();
        assert!(
            place("--accent:") < place(".side-link") && place(".side-link") < place("@media print")
        );
        assert_eq!(sheet.matches('{').count(), sheet.matches('}').count());
        assert!(Styles::iter().count() > 5);
    }

    #[test]
    fn a_browser_that_has_it_gets_nothing_again() {
        let tag = format!("\"{}\"", css_name());
        let answer = answer(css_name(), &asking(&[(IF_NONE_MATCH, &tag)]));
        assert_eq!(answer.status(), StatusCode::NOT_MODIFIED);
    }

    #[test]
    fn a_name_that_is_not_served_is_not_found() {
        for name in ["app.css", "manifest.json", "../Cargo.toml", "", "app.0000000000.css"] {
            assert_eq!(answer(name, &HeaderMap::new()).status(), StatusCode::NOT_FOUND, "{name}");
        }
    }

    #[test]
    fn gzip_goes_only_to_those_who_take_it() {
        let check = |offer: &str, expected: bool| {
            assert_eq!(accepts_gzip(&asking(&[(ACCEPT_ENCODING, offer)])), expected, "{offer}");
        };
        check("gzip, deflate, br, zstd", true);
        check("br;q=1.0, gzip;q=0.8", true);
        check("*", true);
        check("gzip;q=0", false);
        check("br", false);
        check("", false);
    }
}
