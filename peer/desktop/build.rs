//! Links what Windows shows of a program, when the packaging has made it: the icon and the version.

fn main() {
    const RESOURCES: &str = "HUTONG_DESKTOP_RESOURCES";
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed={RESOURCES}");
    if let Ok(path) = std::env::var(RESOURCES) {
        println!("cargo::rustc-link-arg-bins={path}");
    }
}
