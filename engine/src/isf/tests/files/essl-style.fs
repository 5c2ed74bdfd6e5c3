/*{ "ISFVSN": "2", "INPUTS": [ { "NAME": "zoom", "TYPE": "float", "DEFAULT": 2.0, "MIN": 1.0, "MAX": 8.0 } ] }*/
#ifdef GL_ES
precision mediump float;
precision highp int;
#endif

uniform lowp float unusedDial;

mediump vec2 turned(mediump vec2 p, const in float angle) {
    highp float c = cos(angle), s = sin(angle);
    return mat2(c, -s, s, c) * p;
}

void main(void) {
    lowp vec2 uv = (gl_FragCoord.xy / RENDERSIZE.xy) * 2.0 - 1.0;
    uv.x *= RENDERSIZE.x / RENDERSIZE.y;
    uv = turned(uv * zoom, TIME);
    gl_FragColor = vec4(vec3(step(0.5, fract(uv.x)) * step(0.5, fract(uv.y))) + unusedDial, 1.0);
}
