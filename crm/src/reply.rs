//! Answers and refusals.

use std::{borrow::Cow, error::Error};

use http_body_util::Full;
use hyper::{
    Response, StatusCode,
    body::Bytes,
    header::{
        ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION,
        REFERRER_POLICY, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS,
    },
};
use maud::Markup;
use serde::Serialize;

use crate::{database, held::held, notice::Notice};

/// When to try again after others had the database, in seconds.
const RETRY_SECONDS: &str = "5";
/// When another note is certain to be accepted, in seconds.
const RETRY_NOTE_SECONDS: &str = "3600";

/// Browser features that no page uses.
const UNUSED: &str = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";

pub type Reply = Response<Full<Bytes>>;

/// Why a request is refused.
#[derive(Debug)]
pub enum Refusal {
    /// Its signature, or what else makes a signed request valid, is wrong.
    NotVerified(signed_query::Error),
    /// A parameter that the handler needs is missing, is an array, or is not UTF-8.
    BadParameter(&'static str),
    NoSuchPerson,
    NoSuchPath,
    /// It is not well-formed HTTP, or does not name exactly one host.
    BadHttp,
    HeadTooLarge,
    BodyTooLarge,
    BodyTimeout,
    BadBody,
    BadNote(Notice),
    /// Holds the methods that are allowed.
    MethodNotAllowed(&'static str),
    /// Others have the database locked, or take up the memory for bodies and answers.
    Busy,
    /// The database does not answer.
    Unhealthy(Box<dyn Error + Send + Sync>),
    /// It is the server's fault.
    Fault(Box<dyn Error + Send + Sync>),
}

/// A refusal together with what somebody typed, which the page shows again.
pub struct Refused {
    pub refusal: Refusal,
    pub typed: String,
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, typed: String::new() }
    }
}

impl From<signed_query::Error> for Refusal {
    fn from(error: signed_query::Error) -> Self {
        Self::NotVerified(error)
    }
}

impl From<database::Error> for Refusal {
    fn from(error: database::Error) -> Self {
        match error {
            database::Error::Busy => Self::Busy,
            database::Error::Away(error) => Self::Unhealthy(error),
            database::Error::Failed(error) => Self::Fault(error),
        }
    }
}

impl Refusal {
    /// What the log says. No variant holds a secret or a signature.
    pub fn reason(&self) -> String {
        match self {
            Self::NotVerified(error) => error.to_string(),
            Self::Fault(error) | Self::Unhealthy(error) => error.to_string(),
            _ => self.message().into_owned(),
        }
    }

    /// Whether somebody has to look into it.
    pub fn is_fault(&self) -> bool {
        matches!(self, Self::Fault(_) | Self::Unhealthy(_))
    }

    /// What the client is told, which is no more than it needs: neither why a signature is not
    /// valid nor what went wrong inside the server.
    fn message(&self) -> Cow<'static, str> {
        match self {
            Self::NotVerified(error) if error.status() == 403 => {
                "the signature is wrong or has expired".into()
            }
            Self::NotVerified(error) => error.to_string().into(),
            Self::BadParameter(name) => {
                format!("the parameter `{name}` is missing, empty or malformed").into()
            }
            Self::NoSuchPerson => "there is no such person".into(),
            Self::NoSuchPath => "there is nothing at this path".into(),
            Self::BadHttp => "the request must be well-formed HTTP with one `Host` header".into(),
            Self::HeadTooLarge => "the headers are too large".into(),
            Self::BodyTooLarge => "the body is too large".into(),
            Self::BodyTimeout => "the body took too long to arrive".into(),
            Self::BadBody => "the body can't be read".into(),
            Self::BadNote(notice) => notice.text().into(),
            Self::MethodNotAllowed(allowed) => {
                format!("only {} can be used here", allowed.replace(", ", " and ")).into()
            }
            Self::Busy => "the server is busy; try again".into(),
            Self::Fault(_) | Self::Unhealthy(_) => "something went wrong in the server".into(),
        }
    }

    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotVerified(error) => {
                StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }
            Self::BadParameter(_) | Self::BadHttp | Self::BadBody => StatusCode::BAD_REQUEST,
            Self::HeadTooLarge => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BadNote(notice) => notice.status(),
            Self::BodyTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::NoSuchPerson | Self::NoSuchPath => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::Busy | Self::Unhealthy(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Fault(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    pub fn into_reply(self) -> Reply {
        let body = ErrorBody { status: "error", error: self.message() };
        self.headed(json_text(self.status(), to_json(&body)))
    }

    /// Adds the headers that go with this refusal to an answer.
    pub fn headed(&self, mut reply: Reply) -> Reply {
        match self {
            Self::MethodNotAllowed(allowed) => {
                reply.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
            }
            Self::Busy | Self::Unhealthy(_) => {
                reply.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static(RETRY_SECONDS));
            }
            Self::BadNote(Notice::TooMany) => {
                reply.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static(RETRY_NOTE_SECONDS));
            }
            _ => (),
        }
        reply
    }
}

#[derive(Serialize)]
struct ErrorBody {
    status: &'static str,
    error: Cow<'static, str>,
}

/// A value as JSON, if there is memory left for it.
pub fn json(status: StatusCode, value: &impl Serialize) -> Result<Reply, Refusal> {
    Ok(json_text(status, held(to_json(value)).ok_or(Refusal::Busy)?))
}

fn to_json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("values with string keys are JSON")
}

/// JSON, which nobody may frame and which loads nothing.
pub fn json_text(status: StatusCode, text: impl Into<Bytes>) -> Reply {
    let policy = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
    reply(status, "application/json", policy, "same-origin", text.into())
}

/// A page with its own policy, if there is memory left for it.
pub fn html(status: StatusCode, markup: Markup, policy: HeaderValue) -> Result<Reply, Refusal> {
    let text = held(markup.into_string()).ok_or(Refusal::Busy)?;
    // The platform frames it, and may require what it frames to opt in (COEP).
    Ok(reply(status, "text/html; charset=utf-8", policy, "cross-origin", text))
}

/// The answer to a form: a redirect to a page that can be reloaded.
pub fn see_other(location: &str) -> Reply {
    let mut reply = json_text(StatusCode::SEE_OTHER, Bytes::new());
    let location = HeaderValue::from_str(location).expect("a signed query is ASCII");
    reply.headers_mut().insert(LOCATION, location);
    reply
}

/// Every answer has these headers: the URL is a credential, so nobody may pass it on or keep
/// what it gave. `readers` are the origins whose pages may load it.
fn reply(
    status: StatusCode,
    content_type: &'static str,
    policy: HeaderValue,
    readers: &'static str,
    body: Bytes,
) -> Reply {
    let mut reply = Response::new(Full::new(body));
    *reply.status_mut() = status;
    let headers = reply.headers_mut();
    headers.reserve(10);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let resource_policy = HeaderName::from_static("cross-origin-resource-policy");
    headers.insert(resource_policy, HeaderValue::from_static(readers));
    headers.insert(HeaderName::from_static("permissions-policy"), HeaderValue::from_static(UNUSED));
    reply
}
