/*{ "ISFVSN": "2", "INPUTS": [ { "NAME": "sound", "TYPE": "audio" }, { "NAME": "thick", "TYPE": "float", "MIN": 1, "MAX": 20, "DEFAULT": 3 } ],
    "PASSES": [ { "TARGET": "scroll", "PERSISTENT": true, "WIDTH": "1", "HEIGHT": "256" }, { } ] }*/
void main() {
    vec2 size = IMG_SIZE(sound);
    float channel = floor(isf_FragNormCoord.y * size.y);
    if (PASSINDEX == 0) {
        gl_FragColor = IMG_PIXEL(sound, vec2(gl_FragCoord.y / 256.0 * size.x, channel + 0.5));
        return;
    }
    float y = IMG_NORM_PIXEL(sound, isf_FragNormCoord).r;
    float d = abs(isf_FragNormCoord.y - y) * RENDERSIZE.y;
    gl_FragColor = vec4(vec3(1.0 - smoothstep(thick - 1.0, thick, d)), 1.0) + 0.1 * IMG_NORM_PIXEL(scroll, isf_FragNormCoord);
}
