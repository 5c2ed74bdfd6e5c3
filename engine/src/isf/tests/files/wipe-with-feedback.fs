/*{ "ISFVSN": "2", "INPUTS": [ { "NAME": "startImage", "TYPE": "image" }, { "NAME": "endImage", "TYPE": "image" },
    { "NAME": "progress", "TYPE": "float" }, { "NAME": "soft", "TYPE": "float", "DEFAULT": 0.1 } ],
    "PASSES": [ { "TARGET": "edge", "PERSISTENT": 1, "WIDTH": "64", "HEIGHT": 1 }, {} ] }*/
vec4 getFromColor(vec2 uv) { return IMG_NORM_PIXEL(startImage, uv); }
vec4 getToColor(vec2 uv) { return IMG_NORM_PIXEL(endImage, uv); }
void main() {
    if (PASSINDEX == 0) { gl_FragColor = vec4(progress); return; }
    vec2 uv = isf_FragNormCoord.xy;
    float m = smoothstep(-soft, 0., progress * (1. + soft) - uv.x - IMG_NORM_PIXEL(edge, uv).r * 0.01);
    gl_FragColor = mix(getFromColor(uv), getToColor(uv), m);
}
