//! Processes as files for other programs: the document as PDF, the map as PDF, PNG and BPMN model.

use crate::{
    answer::{Answer, Output, Result},
    call::Call,
    operation::Operation,
};
use axum::http::Method;
use gemba_app::{
    Error,
    maps::{self, Picture},
    prints::{self, Paper},
};
use schemars::{JsonSchema, SchemaGenerator};
use serde::Deserialize;
use serde_json::{Value, json};

pub(super) fn operations() -> Vec<Operation> {
    use Operation as Op;
    vec![
        Op::new(
            Method::GET,
            "/processes/{slug}/document.pdf",
            "get_document_pdf",
            "The document of a process, typeset, with its map",
            document,
        ),
        Op::new(
            Method::GET,
            "/processes/{slug}/map.pdf",
            "get_map_pdf",
            "The map of a process on paper",
            map_pdf,
        ),
        Op::new(
            Method::GET,
            "/processes/{slug}/map.png",
            "get_map_png",
            "The map of a process as a picture",
            map_png,
        ),
        Op::new(
            Method::GET,
            "/processes/{slug}/map.bpmn",
            "get_map_bpmn",
            "The process as a BPMN 2.0 model with its drawing",
            map_bpmn,
        ),
    ]
}

/// Which paper.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PaperQuery {
    /// `a4` (where nothing is said), `a3` or `letter`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    paper: Option<String>,
}

impl PaperQuery {
    fn paper(&self) -> Result<Paper> {
        let Some(word) = &self.paper else { return Ok(Paper::default()) };
        let message = format!("`{word}` is no paper; there are a4, a3 and letter");
        Ok(Paper::of_word(word).ok_or(Error::Invalid { field: "paper", message })?)
    }
}

const PDF: &str = "application/pdf";
const PNG: &str = "image/png";
const XML: &str = "application/xml; charset=utf-8";

struct Pdf(Vec<u8>);

impl Output for Pdf {
    fn describe(_schemas: &mut SchemaGenerator) -> Option<Value> {
        Some(json!({ PDF: {} }))
    }

    fn answer(self) -> Answer {
        Answer { status: 200, media: PDF, headers: Vec::new(), body: self.0.into() }
    }
}

struct Png(Vec<u8>);

impl Output for Png {
    fn describe(_schemas: &mut SchemaGenerator) -> Option<Value> {
        Some(json!({ PNG: {} }))
    }

    fn answer(self) -> Answer {
        Answer { status: 200, media: PNG, headers: Vec::new(), body: self.0.into() }
    }
}

struct Model(String);

impl Output for Model {
    fn describe(_schemas: &mut SchemaGenerator) -> Option<Value> {
        Some(json!({ "application/xml": { "schema": { "type": "string" } } }))
    }

    fn answer(self) -> Answer {
        Answer { status: 200, media: XML, headers: Vec::new(), body: self.0.into() }
    }
}

async fn document(call: Call<String, PaperQuery>) -> Result<Pdf> {
    let paper = call.query.paper()?;
    Ok(Pdf(prints::document(&call.app, &call.who, &call.path, paper).await?))
}

async fn map_pdf(call: Call<String, PaperQuery>) -> Result<Pdf> {
    let (app, who, paper) = (&call.app, &call.who, call.query.paper()?);
    Ok(Pdf(prints::map_pdf(app, who, &call.path, &Picture::Plain, paper, None).await?))
}

async fn map_png(call: Call<String>) -> Result<Png> {
    Ok(Png(prints::map_png(&call.app, &call.who, &call.path, &Picture::Plain).await?))
}

async fn map_bpmn(call: Call<String>) -> Result<Model> {
    Ok(Model(maps::model(&call.app, &call.who, &call.path).await?))
}
