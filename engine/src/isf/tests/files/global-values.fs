/*{ "ISFVSN": "2", "INPUTS": [ { "NAME": "size", "TYPE": "float", "DEFAULT": 0.25 } ] }*/
vec2 uv = gl_FragCoord.xy / RENDERSIZE;
vec2 middle = RENDERSIZE * 0.5;
const float aspect = RENDERSIZE.x / RENDERSIZE.y;
float radius = size * min(RENDERSIZE.x, RENDERSIZE.y), t = TIME * 0.5, unset;
vec2 norm = isf_FragNormCoord;
void main() {
    float inside = float(distance(gl_FragCoord.xy, middle) < radius);
    gl_FragColor = vec4(inside, uv.y * aspect, fract(t) + unset, 1.0) * norm.x;
}
