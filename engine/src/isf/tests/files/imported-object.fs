/*{ "ISFVSN": "2", "IMPORTED": { "paper": { "PATH": "paper.png" }, "ramp": { "PATH": "images/ramp.png" } },
    "INPUTS": [ { "NAME": "inputImage", "TYPE": "image" } ] }*/
void main() {
    vec4 tone = IMG_THIS_PIXEL(inputImage);
    gl_FragColor = IMG_NORM_PIXEL(ramp, vec2(dot(tone.rgb, vec3(0.299, 0.587, 0.114)), 0.5)) * IMG_THIS_NORM_PIXEL(paper);
}
