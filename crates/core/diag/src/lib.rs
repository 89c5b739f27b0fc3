//! What is wrong with a text, as data: code, span, severity, message, help, fix.
