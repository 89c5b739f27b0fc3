//! Makes sure the folder of the built front end exists, empty or not, so that it can be embedded.

fn main() -> std::io::Result<()> {
    println!("cargo::rerun-if-changed=dist");
    println!("cargo::rerun-if-changed=assets");
    println!("cargo::rerun-if-changed=styles");
    std::fs::create_dir_all("dist")
}
