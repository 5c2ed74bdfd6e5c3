//! What is put around a shader: the declarations of everything that the format gives it, and the real `main`.

use std::fmt::Write;

use super::{Fault, dialect::Varying};
use crate::isf::program::{SAMPLER_BINDING, TextureSlot, UNIFORM_BINDING, Uniform};

/// Most numbers in a row, of up to four each, that one stage can hand to the other: what every device has.
const MOST_LOCATIONS: u32 = 15;

/// Functions that read pictures. A picture's row 0 is on top, GLSL's is at the bottom.
const READERS: &str = "
vec4 kb_at(texture2D kb_i, vec2 kb_p) { return textureLod(sampler2D(kb_i, kb_sampler), vec2(kb_p.x, 1.0 - kb_p.y), 0.0); }
vec2 IMG_SIZE(texture2D kb_i) { return vec2(textureSize(kb_i, 0)); }
vec4 IMG_NORM_PIXEL(texture2D kb_i, vec2 kb_p) { return kb_at(kb_i, kb_p); }
vec4 IMG_PIXEL(texture2D kb_i, vec2 kb_p) { return kb_at(kb_i, kb_p / vec2(textureSize(kb_i, 0))); }
vec4 IMG_THIS_PIXEL(texture2D kb_i) { return kb_at(kb_i, isf_FragNormCoord); }
vec4 IMG_THIS_NORM_PIXEL(texture2D kb_i) { return kb_at(kb_i, isf_FragNormCoord); }
vec4 kb_texture(texture2D kb_i, vec2 kb_p) { return kb_at(kb_i, kb_p); }
vec4 kb_texture(texture2D kb_i, vec2 kb_p, float kb_b) { return kb_at(kb_i, kb_p); }
vec4 kb_texture2D(texture2D kb_i, vec2 kb_p) { return kb_at(kb_i, kb_p); }
vec4 kb_texture2D(texture2D kb_i, vec2 kb_p, float kb_b) { return kb_at(kb_i, kb_p); }
vec4 kb_texture2DRect(texture2D kb_i, vec2 kb_p) { return IMG_PIXEL(kb_i, kb_p); }
vec4 kb_textureLod(texture2D kb_i, vec2 kb_p, float kb_b) { return kb_at(kb_i, kb_p); }
vec4 kb_texture2DLod(texture2D kb_i, vec2 kb_p, float kb_b) { return kb_at(kb_i, kb_p); }
vec4 kb_texture2DLodEXT(texture2D kb_i, vec2 kb_p, float kb_b) { return kb_at(kb_i, kb_p); }
vec4 kb_textureGrad(texture2D kb_i, vec2 kb_p, vec2 kb_x, vec2 kb_y) { return kb_at(kb_i, kb_p); }
vec4 kb_texture2DGradEXT(texture2D kb_i, vec2 kb_p, vec2 kb_x, vec2 kb_y) { return kb_at(kb_i, kb_p); }
vec4 kb_texture2DProj(texture2D kb_i, vec3 kb_p) { return kb_at(kb_i, kb_p.xy / kb_p.z); }
vec4 kb_texture2DProj(texture2D kb_i, vec4 kb_p) { return kb_at(kb_i, kb_p.xy / kb_p.w); }
vec4 kb_textureProj(texture2D kb_i, vec3 kb_p) { return kb_at(kb_i, kb_p.xy / kb_p.z); }
vec4 kb_textureProj(texture2D kb_i, vec4 kb_p) { return kb_at(kb_i, kb_p.xy / kb_p.w); }
ivec2 kb_textureSize(texture2D kb_i, int kb_l) { return textureSize(kb_i, 0); }
ivec2 kb_textureSize(texture2D kb_i) { return textureSize(kb_i, 0); }
vec4 kb_texelFetch(texture2D kb_i, ivec2 kb_p, int kb_l) {
    ivec2 kb_s = textureSize(kb_i, 0);
    ivec2 kb_c = clamp(kb_p, ivec2(0), kb_s - 1);
    return texelFetch(kb_i, ivec2(kb_c.x, kb_s.y - 1 - kb_c.y), 0);
}
vec4 kb_textureOffset(texture2D kb_i, vec2 kb_p, ivec2 kb_o) {
    return kb_at(kb_i, kb_p + vec2(kb_o) / vec2(textureSize(kb_i, 0)));
}
";

/// Powers of negative numbers, which GLSL leaves open. Compilers on desktops multiply where the exponent is a small whole
/// number, and files lean on that; the formula alone would give what is not a number.
fn powers() -> String {
    let of = |kind: &str| {
        let odd = match kind {
            "float" => "kb_x < 0.0 && fract(kb_y * 0.5) == 0.5 ? -kb_p : kb_p".to_owned(),
            _ => format!(
                "mix(kb_p, -kb_p, {kind}(lessThan(kb_x, {kind}(0.0))) * {kind}(equal(fract(kb_y * 0.5), {kind}(0.5))))"
            ),
        };
        format!(
            "{kind} kb_power({kind} kb_x, {kind} kb_y) {{ {kind} kb_p = pow(abs(kb_x), kb_y); return {odd}; }}\n"
        )
    };
    ["float", "vec2", "vec3", "vec4"].map(of).concat()
}

/// The derivative along y, which grows upwards here and downwards on the GPU.
const DERIVATIVES: &str = "
float kb_dFdy(float kb_p) { return -dFdy(kb_p); }
vec2 kb_dFdy(vec2 kb_p) { return -dFdy(kb_p); }
vec3 kb_dFdy(vec3 kb_p) { return -dFdy(kb_p); }
vec4 kb_dFdy(vec4 kb_p) { return -dFdy(kb_p); }
";

/// Two triangles over the frame. Depth is -1 to 1 in GLSL and 0 to 1 on the GPU.
const CORNERS: &str = "
int kb_VertexID = gl_VertexIndex < 3 ? gl_VertexIndex : (gl_VertexIndex == 3 ? 2 : (gl_VertexIndex == 4 ? 1 : 3));
vec2 kb_corner = vec2(float(kb_VertexID & 1), float(kb_VertexID >> 1));
vec4 kb_Vertex = vec4(kb_corner * 2.0 - 1.0, 0.0, 1.0);
vec4 kb_MultiTexCoord0 = vec4(kb_corner, 0.0, 1.0);
vec4 kb_attribute_vec4 = kb_Vertex;
vec3 kb_attribute_vec3 = kb_Vertex.xyz;
vec2 kb_attribute_vec2 = kb_Vertex.xy;
float kb_attribute_float = 0.0;
vec4 kb_Position = kb_Vertex;
float kb_PointSize = 1.0;
vec2 isf_FragNormCoord = kb_corner;
vec4 kb_FragCoord = vec4(kb_corner * RENDERSIZE, 0.0, 1.0);
vec4 kb_ftransform() { return kb_Vertex; }
void isf_vertShaderInit() {
    kb_Position = kb_Vertex;
    isf_FragNormCoord = kb_corner;
}
";

/// A varying with the places that its parts travel at.
pub(super) struct Route<'a> {
    varying: &'a Varying,
    first: u32,
}

/// Gives every varying of the vertex stage its places, after that of `isf_FragNormCoord`.
pub(super) fn routes(varyings: &[Varying]) -> Result<Vec<Route<'_>>, Fault> {
    let mut next = 1;
    let mut routes = Vec::new();
    for varying in varyings {
        if part(varying).is_none() {
            let reason = format!(
                "the varying {} is a {}: use floats, vectors or matrices",
                varying.name, varying.kind
            );
            return Err(Fault::new(0, reason));
        }
        routes.push(Route { varying, first: next });
        next = columns(varying).saturating_mul(varying.length.unwrap_or(1)).saturating_add(next);
        if next > MOST_LOCATIONS {
            return Err(Fault::new(0, "the vertex shader hands over more than a GPU can carry"));
        }
    }
    Ok(routes)
}

/// The type of what travels at one place.
fn part(varying: &Varying) -> Option<&'static str> {
    Some(match &*varying.kind {
        "float" => "float",
        "vec2" | "mat2" | "mat2x2" | "mat3x2" | "mat4x2" => "vec2",
        "vec3" | "mat3" | "mat3x3" | "mat2x3" | "mat4x3" => "vec3",
        "vec4" | "mat4" | "mat4x4" | "mat2x4" | "mat3x4" => "vec4",
        "int" => "int",
        "ivec2" => "ivec2",
        "ivec3" => "ivec3",
        "ivec4" => "ivec4",
        _ => return None,
    })
}

/// How many places one of its kind takes.
fn columns(varying: &Varying) -> u32 {
    match varying.kind.strip_prefix("mat").and_then(|rest| rest.chars().next()) {
        Some('2') => 2,
        Some('3') => 3,
        Some('4') => 4,
        _ => 1,
    }
}

fn is_matrix(varying: &Varying) -> bool {
    varying.kind.starts_with("mat")
}

/// Everything before the shader's own text, in both stages.
fn common(uniforms: &[Uniform], textures: &[TextureSlot]) -> String {
    let mut out = String::from("#version 450\n#extension GL_EXT_samplerless_texture_functions : require\n");
    let _ = writeln!(out, "layout(std140, set = 0, binding = {UNIFORM_BINDING}) uniform kb_Block {{");
    for uniform in uniforms {
        let _ = writeln!(
            out,
            "layout(offset = {}) {} {};",
            uniform.offset_bytes,
            uniform.kind.glsl(),
            uniform.name
        );
    }
    let _ = writeln!(out, "}};\nlayout(set = 0, binding = {SAMPLER_BINDING}) uniform sampler kb_sampler;");
    for slot in textures {
        let _ = writeln!(out, "layout(set = 0, binding = {}) uniform texture2D {};", slot.binding, slot.name);
    }
    out + &powers()
}

/// A whole vertex shader around `body`.
pub(super) fn vertex(
    uniforms: &[Uniform],
    textures: &[TextureSlot],
    routes: &[Route<'_>],
    body: &str,
) -> String {
    let mut out = common(uniforms, textures);
    let mut copies = String::new();
    for route in routes {
        ports(&mut out, "out", route);
        let (name, width) = (&route.varying.name, columns(route.varying));
        for at in 0..route.varying.length.unwrap_or(1) {
            for column in 0..width {
                let index = route.varying.length.map(|_| format!("[{at}]")).unwrap_or_default();
                let column_index =
                    if is_matrix(route.varying) { format!("[{column}]") } else { String::new() };
                let place = route.first + at * width + column;
                let _ = writeln!(copies, "kb_port_{place} = {name}{index}{column_index};");
            }
        }
    }
    let _ = writeln!(out, "layout(location = 0) out vec2 kb_port_0;{CORNERS}{READERS}{body}");
    let _ = writeln!(
        out,
        "#line 1000000000\nvoid main() {{\nisf_vertShaderInit();\nkb_main();\nkb_port_0 = isf_FragNormCoord;\n{copies}"
    );
    out.push_str(
        "gl_Position = vec4(kb_Position.xy, (kb_Position.z + kb_Position.w) * 0.5, kb_Position.w);\n}\n",
    );
    out
}

/// A whole fragment shader around `body`, which takes `varyings`: from where the vertex stage puts those of the same name and
/// type, and zeros for others. Its colour is in the variable `output`.
pub(super) fn fragment(
    uniforms: &[Uniform],
    textures: &[TextureSlot],
    routes: &[Route<'_>],
    varyings: &[Varying],
    output: &str,
    body: &str,
) -> String {
    let mut out = common(uniforms, textures);
    out.push_str("layout(location = 0) in vec2 kb_port_0;\nlayout(location = 0) out vec4 kb_out;\n");
    for varying in varyings {
        let route = routes.iter().find(|route| route.varying == varying);
        let (kind, name) = (&varying.kind, &varying.name);
        let size = varying.length.map(|length| format!("[{length}]")).unwrap_or_default();
        let Some(route) = route else {
            let _ = writeln!(out, "{kind} kb_varying_{name}{size};");
            continue;
        };
        ports(&mut out, "in", route);
        let width = columns(varying);
        let one = |at: u32| {
            let ports: Vec<_> =
                (0..width).map(|column| format!("kb_port_{}", route.first + at * width + column)).collect();
            format!("{kind}({})", ports.join(", "))
        };
        let value = match varying.length {
            None => one(0),
            Some(length) => {
                format!("{kind}[{length}]({})", (0..length).map(one).collect::<Vec<_>>().join(", "))
            }
        };
        let _ = writeln!(out, "{kind} kb_varying_{name}{size} = {value};");
    }
    out.push_str(
        "vec2 isf_FragNormCoord = kb_port_0;
        vec4 kb_FragCoord = vec4(gl_FragCoord.x, RENDERSIZE.y - gl_FragCoord.y, gl_FragCoord.zw);
        vec4 kb_FragData[4];
        vec4 kb_FragColor;
        float kb_FragDepth;\n",
    );
    let _ = writeln!(out, "{DERIVATIVES}{READERS}{body}");
    let _ = writeln!(out, "#line 1000000000\nvoid main() {{\nkb_main();\nkb_out = {output};\n}}");
    out
}

fn ports(out: &mut String, direction: &str, route: &Route<'_>) {
    let Some(kind) = part(route.varying) else { return };
    let flat = if kind.starts_with('i') { "flat " } else { "" };
    for place in 0..columns(route.varying) * route.varying.length.unwrap_or(1) {
        let place = route.first + place;
        let _ = writeln!(out, "layout(location = {place}) {flat}{direction} {kind} kb_port_{place};");
    }
}
